/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The commands that are shown, and what they have to give the same as:
 *
 *   recipe show PART TITLE REQUEST [AUTHORITY|- [CHAIN|- [URL|- [CAS [TOPIC PAYLOAD]]]]]
 *     the commands for the request (and CA) whose texts, as the store keeps
 *     them, are in these files; CAS is "own" or "system"
 *   recipe request REQUEST KEY
 *     our CSR, PEM
 *   recipe self-sign REQUEST KEY
 *     our self-signed certificate
 *   recipe authority REQUEST KEY
 *     our private CA's certificate
 *   recipe sign REQUEST CSR CA-CERTIFICATE CA-KEY
 *     our CA's answer
 *   recipe verify CERTIFICATES
 *     our verdict on a chain: exit status 1 if it is bad
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cw-authority.h"
#include "cw-recipe.h"

static char *
read_text (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  return text;
}

static CwRequest *
read_request (const char *path)
{
  g_autofree char *text = read_text (path);
  g_autoptr (GError) error = NULL;
  CwRequest *request = cw_request_new_from_text (text, &error);

  if (!request)
    g_error ("%s", error->message);
  return request;
}

static CwKey *
read_key (const char *path)
{
  g_autofree char *text = read_text (path);
  g_autoptr (CwSecret) pem = cw_secret_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  CwKey *key = cw_key_new_from_pem (pem, NULL, &error);

  if (!key)
    g_error ("%s", error->message);
  return key;
}

static CwCertificate *
read_certificate (const char *path)
{
  g_autofree char *text = read_text (path);
  CwCertificate *certificate = cw_certificate_new_from_pem (text, NULL);

  g_assert_nonnull (certificate);
  return certificate;
}

static CwChain *
read_chain (const char *path)
{
  g_autofree char *text = read_text (path);
  g_autoptr (GPtrArray) certificates = cw_certificates_from_pem (text, NULL);

  g_assert_nonnull (certificates);
  return cw_chain_new (certificates->pdata[0], certificates, NULL);
}

static int
fail (const GError *error)
{
  fprintf (stderr, "%s\n", error->message);
  return 1;
}

static int
print_certificate (CwCertificate *certificate, const GError *error)
{
  g_autofree char *pem = certificate ? cw_certificate_to_pem (certificate) : NULL;

  if (!pem)
    return fail (error);
  fputs (pem, stdout);
  return 0;
}

static gboolean
is_given (const char *argument)
{
  return argument && !g_str_equal (argument, "-");
}

static int
show (char **arguments)
{
  const guint n_arguments = g_strv_length (arguments);
  g_autoptr (CwRequest) request = read_request (arguments[2]);
  g_autoptr (CwRequest) authority = is_given (arguments[3]) ? read_request (arguments[3]) : NULL;
  g_autoptr (CwChain) chain =
      n_arguments > 4 && is_given (arguments[4]) ? read_chain (arguments[4]) : NULL;
  CwRecipeCase input = { .request = request, .title = arguments[1], .authority = authority };
  g_autoptr (CwRecipe) recipe = NULL;
  g_autofree char *script = NULL;
  g_autoptr (GError) error = NULL;
  CwRecipePart part;

  input.chain = chain;
  input.url = n_arguments > 5 && is_given (arguments[5]) ? arguments[5] : NULL;
  input.own_server_cas = n_arguments > 6 && g_str_equal (arguments[6], "own");
  input.topic = n_arguments > 8 ? arguments[7] : NULL;
  input.payload = n_arguments > 8 ? arguments[8] : NULL;
  if (!cw_recipe_part_from_id (arguments[0], &part))
    return 2;
  recipe = cw_recipe_new (part, &input, &error);
  if (!recipe)
    return fail (error);
  script = cw_recipe_to_script (recipe);
  fputs (script, stdout);
  return 0;
}

static int
ask (char **arguments)
{
  g_autoptr (CwRequest) request = read_request (arguments[0]);
  g_autoptr (CwKey) key = read_key (arguments[1]);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) csr = cw_request_create_csr (request, key, &error);
  g_autofree char *pem = csr ? cw_csr_to_pem (csr) : NULL;

  if (!csr)
    return fail (error);
  fputs (pem, stdout);
  return 0;
}

static int
self_sign (char **arguments)
{
  g_autoptr (CwRequest) request = read_request (arguments[0]);
  g_autoptr (CwKey) key = read_key (arguments[1]);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwCertificate) certificate = cw_request_self_sign (request, key, &error);

  return print_certificate (certificate, error);
}

static int
make_authority (char **arguments)
{
  g_autoptr (CwRequest) request = read_request (arguments[0]);
  g_autoptr (CwKey) key = read_key (arguments[1]);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwCertificate) certificate = cw_authority_create_certificate (request, key, &error);

  return print_certificate (certificate, error);
}

static GBytes *
read_csr (const char *path)
{
  gsize length;
  guchar *der = NULL;
  char *text = NULL;

  if (!g_file_get_contents (path, &text, &length, NULL))
    g_error ("%s cannot be read", path);
  der = (guchar *) text;
  return g_bytes_new_take (der, length);
}

static int
sign (char **arguments)
{
  g_autoptr (CwRequest) wanted = read_request (arguments[0]);
  g_autoptr (GBytes) csr = read_csr (arguments[1]);
  g_autoptr (CwCertificate) certificate = read_certificate (arguments[2]);
  g_autoptr (CwKey) key = read_key (arguments[3]);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwAuthority) authority = cw_authority_new (certificate, key, &error);
  g_autoptr (CwGrant) grant = authority ? cw_grant_new_from_csr (csr, &error) : NULL;
  g_autoptr (CwCertificate) answer = NULL;

  if (!grant)
    return fail (error);
  cw_request_set_days (cw_grant_get_request (grant), cw_request_get_days (wanted));
  answer = cw_authority_sign (authority, grant, &error);
  return print_certificate (answer, error);
}

static int
verify (char **arguments)
{
  g_autoptr (CwChain) chain = read_chain (arguments[0]);
  g_autoptr (GError) error = NULL;

  return cw_chain_verify (chain, NULL, NULL, &error) ? 0 : fail (error);
}

static const struct
{
  const char *name;
  int n_arguments;
  int (*run) (char **arguments);
} verbs[] = {
  { "show", 3, show },           { "request", 2, ask },
  { "self-sign", 2, self_sign }, { "authority", 2, make_authority },
  { "sign", 4, sign },           { "verify", 1, verify },
};

int
main (int argc, char *argv[])
{
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (argc >= 2 + verbs[i].n_arguments && g_str_equal (argv[1], verbs[i].name))
      return verbs[i].run (argv + 2);
  return 2;
}
