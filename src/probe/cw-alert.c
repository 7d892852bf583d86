/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-alert.h"

/* In the order of their numbers. Where there is no verdict, it is a general one. */
static const struct
{
  int alert;
  const char *name;
  const char *before; /* the verdict if no certificate had been sent */
  const char *after;  /* the same after one */
  const char *sentence;
} alerts[] = {
  { 0, "close_notify", NULL, NULL, N_ ("The server ended the connection.") },
  { 10, "unexpected_message", NULL, NULL, N_ ("The server got a message that it did not expect.") },
  { 20, "bad_record_mac", NULL, NULL, N_ ("What reached the server was damaged on the way.") },
  { 21, "decryption_failed", NULL, NULL, N_ ("The server could not decrypt what reached it.") },
  { 22, "record_overflow", NULL, NULL, N_ ("The server got more at once than it takes.") },
  { 30, "decompression_failure", NULL, NULL,
    N_ ("The server could not decompress what reached it.") },
  { 40, "handshake_failure", "tls-handshake", NULL,
    N_ ("The server could not agree on how to go on.") },
  { 41, "no_certificate", "certificate-required", "certificate-required",
    N_ ("The server got no certificate.") },
  { 42, "bad_certificate", NULL, "certificate-bad",
    N_ ("The server calls the certificate damaged, or its signature wrong.") },
  { 43, "unsupported_certificate", NULL, "certificate-unsupported",
    N_ ("The server does not take a certificate of this kind.") },
  { 44, "certificate_revoked", NULL, "certificate-revoked",
    N_ ("The server calls the certificate revoked.") },
  { 45, "certificate_expired", NULL, "certificate-expired",
    N_ ("The server calls the certificate expired, or not valid yet.") },
  { 46, "certificate_unknown", NULL, "certificate-unknown",
    N_ ("The server does not accept the certificate, and does not say why.") },
  { 47, "illegal_parameter", NULL, NULL,
    N_ ("The server found a value that is out of range or contradicts another.") },
  { 48, "unknown_ca", NULL, "certificate-ca-unknown",
    N_ ("The server does not know, or does not trust, who signed the certificate.") },
  { 49, "access_denied", NULL, "certificate-denied",
    N_ ("The server calls the certificate valid, but gives it no access.") },
  { 50, "decode_error", NULL, NULL, N_ ("The server could not read what reached it.") },
  { 51, "decrypt_error", NULL, "certificate-signature",
    N_ ("The server could not verify a signature.") },
  { 60, "export_restriction", NULL, NULL,
    N_ ("The server found a restriction on export, as there were long ago.") },
  { 70, "protocol_version", "tls-version", "tls-version",
    N_ ("The server does not speak this version of TLS.") },
  { 71, "insufficient_security", "tls-handshake", NULL,
    N_ ("The server wants stronger ciphers than were offered.") },
  { 80, "internal_error", NULL, NULL, N_ ("The server has an error within itself.") },
  { 86, "inappropriate_fallback", "tls-version", "tls-version",
    N_ ("The server takes this for a forced return to an older version of TLS.") },
  { 90, "user_canceled", NULL, NULL, N_ ("The server gave up.") },
  { 100, "no_renegotiation", NULL, NULL, N_ ("The server does not negotiate again.") },
  { 109, "missing_extension", NULL, NULL,
    N_ ("The server misses an extension in what it was told.") },
  { 110, "unsupported_extension", NULL, NULL,
    N_ ("The server got an extension that it does not take.") },
  { 111, "certificate_unobtainable", NULL, NULL,
    N_ ("The server could not fetch the certificate.") },
  { 112, "unrecognized_name", "tls-name", "tls-name", N_ ("The server has nothing of this name.") },
  { 113, "bad_certificate_status_response", NULL, "certificate-bad",
    N_ ("The server does not accept the answer on whether the certificate is revoked.") },
  { 114, "bad_certificate_hash_value", NULL, "certificate-bad",
    N_ ("The certificate that the server fetched is another one.") },
  { 115, "unknown_psk_identity", NULL, NULL,
    N_ ("The server wants a shared key that it knows, not a certificate.") },
  { 116, "certificate_required", "certificate-required", "certificate-required",
    N_ ("The server wants a certificate, and got none.") },
  { 120, "no_application_protocol", "tls-handshake", NULL,
    N_ ("The server does not speak the protocol that was asked for (ALPN).") },
};

char *
cw_alert_describe (int alert)
{
  for (guint i = 0; i < G_N_ELEMENTS (alerts); i++)
    if (alerts[i].alert == alert)
      /* Translators: a sentence, then the number and the technical name of the alert */
      return g_strdup_printf (_ ("%s (TLS alert %d, %s)"), _ (alerts[i].sentence), alert,
                              alerts[i].name);
  return g_strdup_printf (_ ("The server ends the connection with TLS alert %d, which has no "
                             "known meaning."),
                          alert);
}

const char *
cw_alert_get_verdict (int alert, gboolean sent)
{
  const char *verdict = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (alerts); i++)
    if (alerts[i].alert == alert)
      verdict = sent ? alerts[i].after : alerts[i].before;
  if (verdict != NULL)
    return verdict;
  return sent ? "certificate-refused" : "tls-failed";
}
