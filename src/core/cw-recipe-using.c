/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The commands that use what there is.
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-recipe-private.h"
#include "cw-usage.h"

/* As cw-export.c does. */
#define ITERATIONS "100000"

/* The CAs above the certificate, as the private CA's own commands call it. */
#define AUTHORITY_FILE "ca.crt"

/* Where nobody has said yet which server it is. */
#define SOME_URL "https://server.example.com/"

typedef struct
{
  char *scheme;
  char *host;
  char *path; /* with its query */
  int port;
  gboolean is_address;
} Place;

static void
place_clear (Place *place)
{
  g_clear_pointer (&place->scheme, g_free);
  g_clear_pointer (&place->host, g_free);
  g_clear_pointer (&place->path, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

/* Without a chain it is taken to be as most are: an intermediate CA and a root. */
static guint
count_certificates (CwRecipeWriter *self)
{
  return self->input->chain != NULL ? cw_chain_get_certificates (self->input->chain)->len : 3;
}

/* Between the leaf and the one at the end. */
static gboolean
has_intermediates (CwRecipeWriter *self)
{
  return count_certificates (self) > 2;
}

/* Whether the one at the end is no root, so that it has to be sent too. */
static gboolean
sends_last (CwRecipeWriter *self)
{
  return count_certificates (self) > 1 && self->input->chain != NULL &&
         !cw_chain_is_complete (self->input->chain);
}

/* Leaf and intermediates, as a server wants to be sent them; the root is not needed. */
static const char *
get_chain_file (CwRecipeWriter *self)
{
  return cw_recipe_file (self,
                         has_intermediates (self) || sends_last (self) ? "-chain.pem" : ".crt");
}

static void
save_file (CwRecipeWriter *self, GString *line, const char *output, const char *file)
{
  cw_shell_words (line, "certwright-cli", "output", self->input->id, "--profile", "pem",
                  "--output-id", output, NULL);
  if (g_str_equal (output, "server-cas") && self->input->server_cas != NULL)
    cw_shell_words (line, "--server-cas", self->input->server_cas, NULL);
  cw_shell_words (line, "--to", file, NULL);
  cw_shell_next (line);
}

/* Those that the part uses, by the outputs of the profile "pem". */
static void
write_files (CwRecipeWriter *self, CwRecipePart part)
{
  GString *line;

  if (self->input->id == NULL)
    return;

  line = g_string_new (NULL);
  save_file (self, line, "private-key", cw_recipe_file (self, ".key"));
  save_file (self, line, "certificate", cw_recipe_file (self, ".crt"));
  if (part == CW_RECIPE_VERIFY && count_certificates (self) > 1)
    save_file (self, line, "issuers", AUTHORITY_FILE);
  if (part != CW_RECIPE_VERIFY && (has_intermediates (self) || sends_last (self)))
    save_file (self, line, "fullchain", get_chain_file (self));
  if (part == CW_RECIPE_TEST && self->input->own_server_cas)
    save_file (self, line, "server-cas", "server-ca.pem");
  cw_recipe_add (self, _ ("Save the Files"),
                 _ ("From Certwright into the current folder. One that exists is not replaced."),
                 line);
}

static void
write_chain (CwRecipeWriter *self)
{
  GString *line;

  if (self->input->id != NULL || (!has_intermediates (self) && !sends_last (self)))
    return;

  line = g_string_new (NULL);
  cw_shell_words (line, "cat", cw_recipe_file (self, ".crt"), AUTHORITY_FILE, NULL);
  g_string_append_printf (line, " > %s", get_chain_file (self));
  cw_recipe_add (self, _ ("Put the Chain Together"),
                 _ ("Your certificate comes first, then the intermediate ones. The root is not "
                    "needed."),
                 line);
}

static void
write_looks (CwRecipeWriter *self)
{
  const char *certificate = cw_recipe_file (self, ".crt");
  GString *line = g_string_new (NULL);

  cw_shell_words (line, "openssl", "x509", "-in", certificate, "-noout", "-text", "-nameopt",
                  "oneline,utf8,-esc_msb", NULL);
  cw_recipe_add (self, _ ("Look at the Certificate"), NULL, line);

  line = g_string_new (NULL);
  cw_shell_words (line, "openssl", "x509", "-in", certificate, "-noout", "-pubkey", NULL);
  cw_shell_next (line);
  cw_shell_words (line, "openssl", "pkey", "-in", cw_recipe_file (self, ".key"), "-pubout", NULL);
  cw_recipe_add (self, _ ("Compare It With the Key"),
                 _ ("Both print the same if the certificate is for this key."), line);
}

static void
write_trust (CwRecipeWriter *self, const char *purpose)
{
  const char *certificate = cw_recipe_file (self, ".crt");
  const gboolean alone = count_certificates (self) == 1;
  CwChain *chain = self->input->chain;
  GString *line = g_string_new (NULL);

  cw_shell_words (line, "openssl", "verify", "-no-CAfile", "-no-CApath", "-purpose", purpose, NULL);
  if (chain != NULL && !cw_chain_is_complete (chain))
    cw_shell_words (line, "-partial_chain", NULL);
  cw_shell_more (line, "-trusted", alone ? certificate : AUTHORITY_FILE, certificate, NULL);
  cw_recipe_add (
      self, _ ("Verify the Chain"),
      alone ? NULL : _ ("“ca.crt” has the CAs above the certificate, the root among them."), line);
}

void
cw_recipe_write_verify (CwRecipeWriter *self)
{
  const gboolean server = cw_usages_only_serve (cw_request_get_usages (self->input->request));

  write_files (self, CW_RECIPE_VERIFY);
  write_looks (self);
  write_trust (self, server ? "sslserver" : "sslclient");
}

static int
default_port (const char *scheme)
{
  return g_str_has_prefix (scheme, "mqtt") ? 8883 : 443;
}

static gboolean
read_place (const char *url, Place *place)
{
  g_autofree char *path = NULL;
  g_autofree char *query = NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (url == NULL || !g_uri_split (url, G_URI_FLAGS_ENCODED, &place->scheme, NULL, &place->host,
                                   &place->port, &path, &query, NULL, NULL))
    return FALSE;
  if (place->scheme == NULL || place->host == NULL || *place->host == '\0')
    return FALSE;

  if (place->port == -1)
    place->port = default_port (place->scheme);
  place->path = g_strconcat (*path == '/' ? path : "/", query != NULL ? "?" : NULL, query, NULL);
  address = g_inet_address_new_from_string (place->host);
  place->is_address = address != NULL;

  return TRUE;
}

static char *
format_host (const Place *place)
{
  return g_strdup_printf (strchr (place->host, ':') != NULL ? "[%s]" : "%s", place->host);
}

/* In TLS 1.3 a server says no only after the handshake: an end of input at once would miss it. */
static void
write_handshake (CwRecipeWriter *self, const Place *place)
{
  g_autofree char *host = format_host (place);
  g_autofree char *where = g_strdup_printf ("%s:%d", host, place->port);
  GString *line = g_string_new ("sleep 2 |");

  cw_shell_words (line, "openssl", "s_client", "-connect", where, "-verify_return_error", NULL);
  cw_shell_more (line, place->is_address ? "-noservername" : "-servername",
                 place->is_address ? "-verify_ip" : place->host,
                 place->is_address ? place->host : "-verify_hostname",
                 place->is_address ? NULL : place->host, NULL);
  cw_shell_more (line, "-cert", cw_recipe_file (self, ".crt"), "-key",
                 cw_recipe_file (self, ".key"), NULL);
  if (has_intermediates (self) || sends_last (self))
    cw_shell_words (line, "-cert_chain", cw_recipe_file (self, "-chain.pem"), NULL);
  if (self->input->own_server_cas)
    cw_shell_words (line, "-CAfile", "server-ca.pem", NULL);
  cw_recipe_add (
      self, _ ("Look at the TLS Connection"),
      _ ("It tells which CAs the server accepts, and ends with the server’s alert if that "
         "refuses the certificate."),
      line);
}

static void
add_curl (CwRecipeWriter *self, GString *line)
{
  cw_shell_words (line, "curl", "--verbose", "--globoff", "--max-time", "10", NULL);
  cw_shell_more (line, "--cert", get_chain_file (self), "--key", cw_recipe_file (self, ".key"),
                 NULL);
  if (self->input->own_server_cas)
    cw_shell_words (line, "--cacert", "server-ca.pem", NULL);
}

static void
write_web (CwRecipeWriter *self, const Place *place)
{
  g_autofree char *host = format_host (place);
  g_autofree char *url = g_strdup_printf ("https://%s:%d%s", host, place->port, place->path);
  GString *line = g_string_new (NULL);

  add_curl (self, line);
  if (g_str_equal (place->scheme, "wss"))
    {
      cw_shell_more (line, "--http1.1", "--header", "Connection: Upgrade", "--header",
                     "Upgrade: websocket", NULL);
      cw_shell_more (line, "--header", "Sec-WebSocket-Version: 13", "--header", NULL);
      g_string_append (line, " \"Sec-WebSocket-Key: $(openssl rand -base64 16)\"");
    }
  cw_shell_more (line, url, NULL);
  cw_recipe_add (self, _ ("Connect"),
                 g_str_equal (place->scheme, "wss")
                     ? _ ("“101 Switching Protocols” says that the WebSocket is open.")
                     : NULL,
                 line);
}

static void
write_mqtt (CwRecipeWriter *self, const Place *place)
{
  g_autofree char *port = g_strdup_printf ("%d", place->port);
  const char *topic = self->input->topic;
  GString *line = g_string_new (NULL);

  cw_shell_words (line, topic != NULL ? "mosquitto_pub" : "mosquitto_sub", "-d", "-q", "1", "-h",
                  place->host, "-p", port, NULL);
  cw_shell_more (line, "--cert", get_chain_file (self), "--key", cw_recipe_file (self, ".key"),
                 NULL);
  if (self->input->own_server_cas)
    cw_shell_words (line, "--cafile", "server-ca.pem", NULL);
  else
    cw_shell_words (line, "--capath", "/etc/ssl/certs", NULL);
  if (topic != NULL)
    cw_shell_more (line, "-t", topic, "-m", self->input->payload ? self->input->payload : "", NULL);
  else
    cw_shell_words (line, "-t", "test", "-E", NULL);
  cw_recipe_add (self, _ ("Connect"), _ ("“CONNACK (0)” says that the broker lets you in."), line);
}

void
cw_recipe_write_test (CwRecipeWriter *self)
{
  g_auto (Place) place = { NULL };

  if (!read_place (self->input->url, &place))
    {
      place_clear (&place);
      read_place (SOME_URL, &place);
    }
  write_files (self, CW_RECIPE_TEST);
  write_chain (self);
  write_handshake (self, &place);
  if (g_str_has_prefix (place.scheme, "mqtt"))
    write_mqtt (self, &place);
  else
    write_web (self, &place);
}

static void
add_pkcs12 (CwRecipeWriter *self, GString *line)
{
  const char *title = self->input->title;

  g_string_append (line, "(umask 077; set -C; ");
  cw_shell_words (line, "openssl", "pkcs12", "-export", "-inkey", cw_recipe_file (self, ".key"),
                  "-in", get_chain_file (self), NULL);
  cw_shell_more (line, "-name", title != NULL && *title != '\0' ? title : "client", NULL);
}

static void
write_pkcs12 (CwRecipeWriter *self)
{
  GString *line = g_string_new (NULL);

  add_pkcs12 (self, line);
  cw_shell_more (line, "-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC", "-macalg", "sha256",
                 "-iter", ITERATIONS, NULL);
  g_string_append_printf (line, " > %s)", cw_recipe_file (self, ".p12"));
  cw_recipe_add (self, _ ("To PKCS#12"), _ ("It asks for a new passphrase, twice."), line)->asks =
      TRUE;

  line = g_string_new (NULL);
  add_pkcs12 (self, line);
  cw_shell_more (line, "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1",
                 NULL);
  g_string_append_printf (line, " > %s)", cw_recipe_file (self, "-old.p12"));
  cw_recipe_add (self, _ ("To PKCS#12 for Old Windows and macOS"),
                 _ ("This encryption is weak: use it only where nothing else is read, and delete "
                    "the file afterwards."),
                 line)
      ->asks = TRUE;

  line = g_string_new ("(umask 077; set -C; ");
  cw_shell_words (line, "openssl", "pkcs12", "-in", cw_recipe_file (self, ".p12"), "-nodes", NULL);
  g_string_append_printf (line, " > %s)", cw_recipe_file (self, "-from-p12.pem"));
  cw_recipe_add (self, _ ("From PKCS#12"),
                 _ ("All of it becomes one PEM file, in which the key is not encrypted."), line)
      ->asks = TRUE;
}

static void
write_encrypted_key (CwRecipeWriter *self)
{
  GString *line = g_string_new ("(umask 077; set -C; ");

  cw_shell_words (line, "openssl", "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-v2prf",
                  "hmacWithSHA256", "-iter", ITERATIONS, NULL);
  cw_shell_more (line, "-in", cw_recipe_file (self, ".key"), NULL);
  g_string_append_printf (line, " > %s)", cw_recipe_file (self, "-encrypted.key"));
  cw_recipe_add (self, _ ("Encrypt the Key"), _ ("It asks for a new passphrase, twice."), line)
      ->asks = TRUE;
}

static void
write_der (CwRecipeWriter *self)
{
  GString *line = g_string_new (NULL);

  cw_shell_words (line, "openssl", "x509", "-in", cw_recipe_file (self, ".crt"), "-outform", "DER",
                  "-out", cw_recipe_file (self, ".cer"), NULL);
  cw_recipe_add (self, _ ("To DER"), NULL, line);

  line = g_string_new (NULL);
  cw_shell_words (line, "openssl", "x509", "-inform", "DER", "-in", cw_recipe_file (self, ".cer"),
                  "-out", cw_recipe_file (self, "-from-der.crt"), NULL);
  cw_recipe_add (self, _ ("From DER to PEM"), NULL, line);
}

static void
write_pkcs7 (CwRecipeWriter *self)
{
  GString *line = g_string_new (NULL);

  cw_shell_words (line, "openssl", "crl2pkcs7", "-nocrl", "-certfile", get_chain_file (self),
                  "-out", cw_recipe_file (self, ".p7b"), NULL);
  cw_recipe_add (self, _ ("To PKCS#7"), NULL, line);

  line = g_string_new (NULL);
  cw_shell_words (line, "openssl", "pkcs7", "-in", cw_recipe_file (self, ".p7b"), "-print_certs",
                  "-out", cw_recipe_file (self, "-from-p7b.pem"), NULL);
  cw_recipe_add (self, _ ("From PKCS#7 to PEM"), NULL, line);
}

void
cw_recipe_write_convert (CwRecipeWriter *self)
{
  write_files (self, CW_RECIPE_CONVERT);
  write_chain (self);
  write_der (self);
  write_pkcs7 (self);
  write_pkcs12 (self);
  write_encrypted_key (self);
}
