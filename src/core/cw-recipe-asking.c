/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The commands that make keys, requests and certificates.
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-recipe-private.h"
#include "cw-usage.h"

/* What a private CA is called where nobody has said. */
#define SOME_AUTHORITY "Private CA"

typedef struct
{
  const char *algorithm;
  const char *option; /* for "-pkeyopt" */
  const char *digest; /* the option; NULL for an algorithm that names no hash */
} KeyCommand;

static const KeyCommand key_commands[] = {
  [CW_KEY_KIND_RSA_2048] = { "RSA", "rsa_keygen_bits:2048", "-sha256" },
  [CW_KEY_KIND_RSA_3072] = { "RSA", "rsa_keygen_bits:3072", "-sha256" },
  [CW_KEY_KIND_RSA_4096] = { "RSA", "rsa_keygen_bits:4096", "-sha256" },
  [CW_KEY_KIND_EC_P256] = { "EC", "ec_paramgen_curve:P-256", "-sha256" },
  [CW_KEY_KIND_EC_P384] = { "EC", "ec_paramgen_curve:P-384", "-sha384" },
  [CW_KEY_KIND_EC_P521] = { "EC", "ec_paramgen_curve:P-521", "-sha512" },
  [CW_KEY_KIND_ED25519] = { "ED25519", NULL, NULL },
  [CW_KEY_KIND_OTHER] = { NULL, NULL, NULL },
};

static void
add_digest (GString *line, CwKeyKind kind)
{
  if (key_commands[kind].digest != NULL)
    cw_shell_words (line, key_commands[kind].digest, NULL);
}

static const char *
get_key_text (void)
{
  return _ ("Only you can read the file, and one that exists is not replaced. It never leaves this "
            "computer.");
}

/* A subshell, so that neither its umask nor its noclobber outlives the command. */
static void
write_key (
    CwRecipeWriter *self, const char *title, const char *text, CwKeyKind kind, const char *file)
{
  const KeyCommand *key = &key_commands[kind];
  GString *line = g_string_new (NULL);

  if (key->algorithm == NULL)
    {
      cw_shell_words (line, "chmod", "600", file, NULL);
      cw_recipe_add (self, title,
                     _ ("A key of this kind is not made anew: put the one that there is into this "
                        "file."),
                     line);
      return;
    }

  g_string_append (line, "(umask 077; set -C; ");
  cw_shell_words (line, "openssl", "genpkey", "-algorithm", key->algorithm, NULL);
  if (key->option != NULL)
    cw_shell_words (line, "-pkeyopt", key->option, NULL);
  g_string_append_printf (line, " > %s)\n", file);
  cw_recipe_add (self, title, text, line);
}

static void
add_subject (GString *line, CwSubject *subject)
{
  g_autofree char *text = cw_recipe_subject (subject);

  if (!g_str_is_ascii (text))
    cw_shell_words (line, "-utf8", NULL);
  cw_shell_more (line, "-subj", text, NULL);
}

/* A configuration of its own: that of the system may add what was not asked for. */
static void
add_config (GString *line, CwRequest *request, CwExtensionSet set)
{
  g_autofree char *types = cw_recipe_unknown_types (cw_request_get_subject (request));
  g_autofree char *extensions = cw_recipe_extension_lines (request, set);
  g_autofree char *config = g_strdup_printf (
      "%s%s[req]\ndistinguished_name = subject\n%s = extensions\n[subject]\n[extensions]\n%s",
      types != NULL ? "oid_section = types\n[types]\n" : "", types != NULL ? types : "",
      set == CW_EXTENSIONS_ASKED ? "req_extensions" : "x509_extensions", extensions);

  cw_shell_more (line, "-config", "/dev/stdin", NULL);
  cw_shell_input (line, config);
}

/* As people know it, where that can say it. */
static gboolean
add_extensions (GString *line, CwRequest *request)
{
  g_autofree char *types = cw_recipe_unknown_types (cw_request_get_subject (request));
  g_auto (GStrv) extensions = cw_recipe_extensions (request, CW_EXTENSIONS_ASKED);

  if (types != NULL || extensions == NULL)
    return FALSE;
  for (guint i = 0; extensions[i] != NULL; i++)
    cw_shell_more (line, "-addext", extensions[i], NULL);

  return TRUE;
}

static void
write_own_key (CwRecipeWriter *self)
{
  write_key (self, _ ("Make the Private Key"), get_key_text (),
             cw_request_get_key_kind (self->input->request), cw_recipe_file (self, ".key"));
}

static void
write_csr (CwRecipeWriter *self)
{
  CwRequest *request = self->input->request;
  GString *line = g_string_new (NULL);

  cw_shell_words (line, "openssl", "req", "-new", NULL);
  add_digest (line, cw_request_get_key_kind (request));
  cw_shell_words (line, "-key", cw_recipe_file (self, ".key"), "-out",
                  cw_recipe_file (self, ".csr"), NULL);
  add_subject (line, cw_request_get_subject (request));
  if (!add_extensions (line, request))
    add_config (line, request, CW_EXTENSIONS_ASKED);
  cw_recipe_add (self, _ ("Make the Request"), _ ("The request is not secret. Send it to the CA."),
                 line);
}

void
cw_recipe_write_request (CwRecipeWriter *self)
{
  GString *line = g_string_new (NULL);

  write_own_key (self);
  write_csr (self);

  cw_shell_words (line, "openssl", "req", "-in", cw_recipe_file (self, ".csr"), "-noout", "-verify",
                  "-text", "-nameopt", "oneline,utf8,-esc_msb", NULL);
  cw_recipe_add (self, _ ("Look at the Request"), NULL, line);
}

static void
add_days (GString *line, CwRequest *request)
{
  g_autofree char *days = g_strdup_printf ("%u", cw_request_get_days (request));

  cw_shell_words (line, "-days", days, NULL);
}

void
cw_recipe_write_self_sign (CwRecipeWriter *self)
{
  CwRequest *request = self->input->request;
  GString *line = g_string_new (NULL);

  write_own_key (self);

  cw_shell_words (line, "openssl", "req", "-x509", NULL);
  add_digest (line, cw_request_get_key_kind (request));
  add_days (line, request);
  cw_shell_words (line, "-key", cw_recipe_file (self, ".key"), "-out",
                  cw_recipe_file (self, ".crt"), NULL);
  add_subject (line, cw_request_get_subject (request));
  add_config (line, request, CW_EXTENSIONS_LEAF);
  cw_recipe_add (
      self, _ ("Make the Certificate"),
      _ ("Nobody vouches for it: give it to the other side, which has to trust this very "
         "certificate."),
      line);
}

static CwRequest *
make_up_authority (void)
{
  CwRequest *authority = cw_request_new ();

  cw_subject_append (cw_request_get_subject (authority), "CN", SOME_AUTHORITY);
  cw_request_set_key_kind (authority, CW_KEY_KIND_EC_P384);
  cw_request_set_days (authority, CW_AUTHORITY_DAYS);

  return authority;
}

static void
write_authority (CwRecipeWriter *self, CwRequest *authority)
{
  const CwKeyKind kind = cw_request_get_key_kind (authority);
  GString *line = g_string_new (NULL);

  write_key (self, _ ("Make the Key of the CA"),
             self->input->authority_is_kept
                 ? _ ("This is another CA with the name of yours. What yours is to sign is signed "
                      "in Certwright, which has its key.")
                 : get_key_text (),
             kind, "ca.key");

  cw_shell_words (line, "openssl", "req", "-x509", NULL);
  add_digest (line, kind);
  add_days (line, authority);
  cw_shell_words (line, "-key", "ca.key", "-out", "ca.crt", NULL);
  add_subject (line, cw_request_get_subject (authority));
  add_config (line, authority, CW_EXTENSIONS_AUTHORITY);
  cw_recipe_add (self, _ ("Make the Certificate of the CA"),
                 _ ("Whoever is to trust what the CA signs gets this file."), line);
}

/* As #CwGrant does: no usage that would speak for the CA, and at least one; nothing outlives the
 * CA, which has this many days. */
static CwRequest *
grant (CwRequest *asked, guint days)
{
  CwRequest *granted = cw_request_new ();

  cw_request_copy (asked, granted);
  cw_request_set_key_kind (granted, cw_request_get_key_kind (asked));
  cw_request_set_days (granted, MIN (cw_request_get_days (asked), days));
  cw_request_set_usage (granted, cw_usage_find ("OCSPSigning")->oid, FALSE);
  cw_request_set_usage (granted, CW_USAGE_ANY, FALSE);
  if (*cw_request_get_usages (granted) == NULL)
    cw_request_set_usage (granted, CW_USAGE_CLIENT_AUTH, TRUE);

  return granted;
}

static void
write_signature (CwRecipeWriter *self, CwRequest *authority)
{
  const guint left = self->input->authority_days;
  g_autoptr (CwRequest) request =
      grant (self->input->request, left != 0 ? left : cw_request_get_days (authority));
  g_autofree char *extensions = cw_recipe_extension_lines (request, CW_EXTENSIONS_LEAF);
  GString *line = g_string_new (NULL);

  cw_shell_words (line, "openssl", "x509", "-req", NULL);
  add_digest (line, cw_request_get_key_kind (authority));
  add_days (line, request);
  cw_shell_words (line, "-in", cw_recipe_file (self, ".csr"), "-out", cw_recipe_file (self, ".crt"),
                  NULL);
  cw_shell_more (line, "-CA", "ca.crt", "-CAkey", "ca.key", "-set_serial", NULL);
  g_string_append (line, " \"0x$(openssl rand -hex 16)\"");
  cw_shell_more (line, "-extfile", "/dev/stdin", NULL);
  cw_shell_input (line, extensions);
  cw_recipe_add (self, _ ("Sign the Request"),
                 _ ("What the certificate may do stands here. What the request asks for beside its "
                    "name and its key is not looked at."),
                 line);
}

static void
write_list (CwRecipeWriter *self, CwKeyKind authority_kind)
{
  const char *digest = key_commands[authority_kind].digest;
  g_autofree char *config = g_strdup_printf ("[ca]\n"
                                             "default_ca = this\n"
                                             "[this]\n"
                                             "database = ca-revoked.txt\n"
                                             "crlnumber = ca-crlnumber\n"
                                             "certificate = ca.crt\n"
                                             "private_key = ca.key\n"
                                             "default_md = %s\n"
                                             "default_crl_days = 30\n"
                                             "crl_extensions = list\n"
                                             "[list]\n"
                                             "authorityKeyIdentifier = keyid:always\n",
                                             digest != NULL ? digest + 1 : "default");
  GString *line = g_string_new ("touch ca-revoked.txt\n"
                                "[ -e ca-crlnumber ] || echo 01 > ca-crlnumber\n"
                                "cat > ca.cnf");

  cw_shell_input (line, config);
  cw_recipe_add (self, _ ("Prepare a Revocation List"), NULL, line);

  line = g_string_new (NULL);
  cw_shell_words (line, "openssl", "ca", "-config", "ca.cnf", "-revoke",
                  cw_recipe_file (self, ".crt"), "-crl_reason", "superseded", NULL);
  cw_recipe_add (self, _ ("Revoke the Certificate"),
                 _ ("Only if it is not to be accepted any more. It cannot be taken back."), line)
      ->apart = TRUE;

  line = g_string_new (NULL);
  cw_shell_words (line, "openssl", "ca", "-config", "ca.cnf", "-gencrl", "-out", "ca.crl", NULL);
  cw_recipe_add (self, _ ("Write the Revocation List"),
                 _ ("Give it to every server that trusts the CA, again within 30 days."), line);
}

void
cw_recipe_write_sign (CwRecipeWriter *self)
{
  CwRequest *known = self->input->authority;
  g_autoptr (CwRequest) authority = known != NULL ? g_object_ref (known) : make_up_authority ();

  write_authority (self, authority);
  write_signature (self, authority);
  write_list (self, cw_request_get_key_kind (authority));
}
