/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-error.h"
#include "cw-text.h"
#include "cw-usage.h"

/* Longer ones exist nowhere, and would only blow up a request. */
#define MAX_OID_LENGTH 255

static const CwUsage known[] = {
  { "clientAuth", CW_USAGE_CLIENT_AUTH, N_ ("Prove who is calling (client authentication)") },
  { "serverAuth", CW_USAGE_SERVER_AUTH, N_ ("Prove which server answers (server authentication)") },
  { "emailProtection", "1.3.6.1.5.5.7.3.4", N_ ("Sign and encrypt e-mail (e-mail protection)") },
  { "codeSigning", "1.3.6.1.5.5.7.3.3", N_ ("Sign programs (code signing)") },
  { "msSmartcardLogin", "1.3.6.1.4.1.311.20.2.2",
    N_ ("Log on to Windows with a smart card (smart card logon)") },

  { "anyExtendedKeyUsage", CW_USAGE_ANY, N_ ("Anything (any extended key usage)") },
  { "timeStamping", "1.3.6.1.5.5.7.3.8", N_ ("Confirm points in time (time stamping)") },
  { "OCSPSigning", "1.3.6.1.5.5.7.3.9",
    N_ ("Confirm that certificates are still good (OCSP signing)") },
  { "msEFS", "1.3.6.1.4.1.311.10.3.4", N_ ("Encrypt files on Windows (encrypting file system)") },
  { "ipsecIKE", "1.3.6.1.5.5.7.3.17", N_ ("Connect networks (IPsec key exchange)") },
  { "ipsecEndSystem", "1.3.6.1.5.5.7.3.5",
    N_ ("Connect a computer to a network (IPsec end system)") },
  { "ipsecTunnel", "1.3.6.1.5.5.7.3.6", N_ ("Connect networks (IPsec tunnel)") },
  { "ipsecUser", "1.3.6.1.5.5.7.3.7", N_ ("Connect a person to a network (IPsec user)") },
  { "DVCS", "1.3.6.1.5.5.7.3.10", N_ ("Confirm data (data validation and certification)") },
  { "secureShellClient", "1.3.6.1.5.5.7.3.21", N_ ("Log in to a server (SSH client)") },
  { "secureShellServer", "1.3.6.1.5.5.7.3.22", N_ ("Accept logins (SSH server)") },
  { "pkInitClientAuth", "1.3.6.1.5.2.3.4", N_ ("Log on with Kerberos (PKINIT client)") },
  { "pkInitKDC", "1.3.6.1.5.2.3.5", N_ ("Answer for Kerberos (PKINIT key distribution center)") },
  { "msCodeInd", "1.3.6.1.4.1.311.2.1.21",
    N_ ("Sign programs as a person (individual code signing)") },
  { "msCodeCom", "1.3.6.1.4.1.311.2.1.22",
    N_ ("Sign programs as a company (commercial code signing)") },
  { "msCTLSign", "1.3.6.1.4.1.311.10.3.1",
    N_ ("Sign lists of trusted certificates (trust list signing)") },
};

#define N_OFFERED 5

static gboolean
invalid_oid (GError **error, const char *text)
{
  g_autofree char *shown = cw_text_clean (text);

  g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
               /* Translators: %s is what was typed */
               _ ("“%s” is not an object identifier. Type numbers with dots between them, as in "
                  "1.3.6.1.5.5.7.3.2."),
               shown);
  return FALSE;
}

/* The number at @text, without sign or leading zeros; NULL, or where it ends. */
static const char *
skip_arc (const char *text)
{
  gsize n_digits = strspn (text, "0123456789");

  if (n_digits == 0 || (n_digits > 1 && text[0] == '0'))
    return NULL;

  return text + n_digits;
}

static guint
count_arcs (const char *text)
{
  guint n_arcs = 0;

  for (const char *p = text;; p++)
    {
      p = skip_arc (p);
      if (p == NULL || (*p != '.' && *p != '\0'))
        return 0;
      n_arcs++;
      if (*p == '\0')
        return n_arcs;
    }
}

const CwUsage *
cw_usages (guint *n_usages)
{
  g_return_val_if_fail (n_usages != NULL, NULL);

  *n_usages = G_N_ELEMENTS (known);

  return known;
}

guint
cw_usages_n_offered (void)
{
  return N_OFFERED;
}

const CwUsage *
cw_usage_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  /* What Microsoft's own pages call it. */
  if (g_ascii_strcasecmp (name, "smartcardLogon") == 0)
    name = "msSmartcardLogin";

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (known[i].id, name) == 0 || g_str_equal (known[i].oid, name))
      return &known[i];

  return NULL;
}

const char *
cw_usage_get_title (const char *oid)
{
  const CwUsage *usage;

  g_return_val_if_fail (oid != NULL, NULL);

  usage = cw_usage_find (oid);

  return usage != NULL ? _ (usage->title) : oid;
}

gboolean
cw_usages_only_serve (const char *const *usages)
{
  return usages != NULL && g_strv_contains (usages, CW_USAGE_SERVER_AUTH) &&
         !g_strv_contains (usages, CW_USAGE_CLIENT_AUTH);
}

gboolean
cw_oid_check (const char *text, GError **error)
{
  const char *second;

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (text == NULL || *text == '\0')
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_INVALID,
                           _ ("The object identifier is empty. Type numbers with dots between "
                              "them, as in 1.3.6.1.5.5.7.3.2."));
      return FALSE;
    }
  if (strlen (text) > MAX_OID_LENGTH)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                   ngettext ("The object identifier is too long: at most %d character is "
                             "permitted.",
                             "The object identifier is too long: at most %d characters are "
                             "permitted.",
                             MAX_OID_LENGTH),
                   MAX_OID_LENGTH);
      return FALSE;
    }
  if (count_arcs (text) < 2)
    return invalid_oid (error, text);

  second = strchr (text, '.') + 1;
  if (second != text + 2 || text[0] > '2' ||
      (text[0] < '2' && (strcspn (second, ".") > 2 || g_ascii_strtoull (second, NULL, 10) > 39)))
    return invalid_oid (error, text);

  return TRUE;
}
