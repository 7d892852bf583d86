/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <yaml.h>

#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-output-private.h"
#include "cw-yaml.h"

typedef struct
{
  CwProfile *profile;
  CwKey *ca_key;
  CwKey *key;
  CwCertificate *root;
  CwCertificate *intermediate;
  CwCertificate *leaf;
  CwChain *chain;
  CwOutputValues values;
  char *server_cas;
} Fixture;

/* 2027-11-20 12:00 UTC, and a year before. */
#define NOT_AFTER  1826712000
#define NOT_BEFORE (NOT_AFTER - 365 * 24 * 60 * 60)

static char *temporary;

static CwProfile *
load_profile (const char *text, gssize length)
{
  g_autofree char *folder = g_build_filename (temporary, "test", NULL);
  g_autofree char *path = g_build_filename (folder, "profile.ini", NULL);
  g_autoptr (GError) error = NULL;
  CwProfile *profile;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, length, NULL));
  profile = cw_profile_new_from_folder (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  return profile;
}

static CwProfile *
load_placeos (void)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("CERTWRIGHT_TEST_PROFILES"), "placeos", NULL);
  g_autoptr (GError) error = NULL;
  CwProfile *profile = cw_profile_new_from_folder (folder, &error);

  g_assert_no_error (error);
  return profile;
}

static CwKey *
make_key (CwKeyKind kind)
{
  g_autoptr (GError) error = NULL;
  CwKey *key = cw_key_generate (kind, NULL, &error);

  g_assert_no_error (error);
  return key;
}

static void
add_extension (X509 *x509, const char *value)
{
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, NULL, NID_basic_constraints, value);

  g_assert_nonnull (extension);
  g_assert_true (X509_add_ext (x509, extension, -1));
  X509_EXTENSION_free (extension);
}

/* The name is put in byte by byte, as somebody who means harm would. */
static CwCertificate *
make_certificate (
    const char *name, CwKey *key, CwCertificate *issuer, CwKey *issuer_key, gboolean ca)
{
  g_autoptr (X509) x509 = X509_new ();
  g_autoptr (X509_NAME) subject = X509_NAME_new ();
  g_autoptr (GBytes) der = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree guchar *data = NULL;
  EVP_PKEY *pkey = cw_key_peek_pkey (issuer_key);
  CwCertificate *certificate;
  int length;

  g_assert_true (X509_NAME_add_entry_by_NID (subject, NID_commonName, V_ASN1_UTF8STRING,
                                             (const guchar *) name, -1, -1, 0));
  X509_set_version (x509, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (x509), g_random_int_range (1, G_MAXINT));
  ASN1_TIME_set (X509_getm_notBefore (x509), NOT_BEFORE);
  ASN1_TIME_set (X509_getm_notAfter (x509), NOT_AFTER);
  X509_set_subject_name (x509, subject);
  X509_set_issuer_name (x509, issuer ? X509_get_subject_name (cw_certificate_peek_x509 (issuer))
                                     : subject);
  X509_set_pubkey (x509, cw_key_peek_pkey (key));
  add_extension (x509, ca ? "critical,CA:TRUE" : "CA:FALSE");
  g_assert_cmpint (X509_sign (x509, pkey, EVP_PKEY_is_a (pkey, "ED25519") ? NULL : EVP_sha256 ()),
                   >, 0);

  length = i2d_X509 (x509, NULL);
  data = g_malloc (length);
  g_assert_cmpint (i2d_X509 (x509, &(guchar *){ data }), ==, length);
  der = g_bytes_new (data, length);
  certificate = cw_certificate_new_from_der (der, &error);
  g_assert_no_error (error);
  return certificate;
}

static CwChain *
make_chain (CwCertificate *leaf, CwCertificate *intermediate, CwCertificate *root)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();

  g_ptr_array_add (candidates, root);
  if (intermediate != NULL)
    g_ptr_array_add (candidates, intermediate);
  return cw_chain_new (leaf, candidates, NULL);
}

static void
make_leaf (Fixture *fixture, CwKeyKind kind, const char *name)
{
  g_autoptr (CwKey) ca_key = make_key (CW_KEY_KIND_EC_P256);

  g_clear_pointer (&fixture->key, cw_key_unref);
  g_clear_pointer (&fixture->values.key, cw_secret_unref);
  g_clear_object (&fixture->intermediate);
  g_clear_object (&fixture->leaf);
  g_clear_object (&fixture->chain);

  fixture->key = make_key (kind);
  fixture->intermediate =
      make_certificate ("Example Issuing CA", ca_key, fixture->root, fixture->ca_key, TRUE);
  fixture->leaf = make_certificate (name, fixture->key, fixture->intermediate, ca_key, FALSE);
  fixture->chain = make_chain (fixture->leaf, fixture->intermediate, fixture->root);
  fixture->values.key = cw_key_to_pem (fixture->key, NULL);
  fixture->values.chain = fixture->chain;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->profile = load_placeos ();
  fixture->ca_key = make_key (CW_KEY_KIND_EC_P256);
  fixture->root =
      make_certificate ("Example Root CA", fixture->ca_key, NULL, fixture->ca_key, TRUE);
  make_leaf (fixture, CW_KEY_KIND_EC_P256, "steve@example.com");
  fixture->server_cas = cw_certificate_to_pem (fixture->root);
  fixture->values.server_cas = fixture->server_cas;
  fixture->values.verify_server = TRUE;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->values.key, cw_secret_unref);
  g_clear_pointer (&fixture->key, cw_key_unref);
  g_clear_pointer (&fixture->ca_key, cw_key_unref);
  g_clear_object (&fixture->profile);
  g_clear_object (&fixture->root);
  g_clear_object (&fixture->intermediate);
  g_clear_object (&fixture->leaf);
  g_clear_object (&fixture->chain);
  g_clear_pointer (&fixture->server_cas, g_free);
}

static CwSecret *
render (Fixture *fixture, guint output)
{
  g_autoptr (GError) error = NULL;
  CwSecret *text = cw_output_render (
      fixture->profile, cw_profile_get_output (fixture->profile, output), &fixture->values, &error);

  g_assert_no_error (error);
  g_assert_nonnull (text);
  return text;
}

static void
assert_not_rendered (Fixture *fixture, guint output, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_output_render (fixture->profile,
                                   cw_profile_get_output (fixture->profile, output),
                                   &fixture->values, &error));
  g_assert_error (error, CW_ERROR, code);
}

/* What libyaml's own loader finds in the whole text: name, value, name, value, … */
static char **
load_yaml (const char *text)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  yaml_parser_t parser;
  yaml_document_t document;
  yaml_node_t *root;

  g_assert_true (yaml_parser_initialize (&parser));
  yaml_parser_set_input_string (&parser, (const guchar *) text, strlen (text));
  g_assert_true (yaml_parser_load (&parser, &document));
  root = yaml_document_get_root_node (&document);
  g_assert_nonnull (root);
  g_assert_cmpint (root->type, ==, YAML_MAPPING_NODE);
  for (yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top;
       pair++)
    {
      yaml_node_t *key = yaml_document_get_node (&document, pair->key);
      yaml_node_t *value = yaml_document_get_node (&document, pair->value);

      g_strv_builder_add (found, (const char *) key->data.scalar.value);
      g_strv_builder_add (found, (const char *) value->data.scalar.value);
    }
  yaml_document_delete (&document);
  yaml_parser_delete (&parser);

  return g_strv_builder_end (found);
}

static void
assert_settings (Fixture *fixture, const char *text)
{
  g_auto (GStrv) found = load_yaml (text);
  g_autofree char *leaf = cw_certificate_to_pem (fixture->leaf);
  g_autofree char *intermediate = cw_certificate_to_pem (fixture->intermediate);
  g_autofree char *chain = g_strconcat (leaf, intermediate, NULL);

  g_assert_cmpuint (g_strv_length (found), ==, 8);
  g_assert_cmpstr (found[0], ==, "https_private_key");
  g_assert_cmpstr (found[1], ==, cw_secret_peek (fixture->values.key));
  g_assert_cmpstr (found[2], ==, "https_client_cert");
  g_assert_cmpstr (found[3], ==, chain);
  g_assert_cmpstr (found[4], ==, "https_ca_certificates");
  g_assert_cmpstr (found[5], ==, fixture->server_cas);
  g_assert_cmpstr (found[6], ==, "https_verify");
  g_assert_cmpstr (found[7], ==, fixture->values.verify_server ? "peer" : "none");
}

static void
test_settings (Fixture *fixture, gconstpointer data)
{
  const CwKeyKind kinds[] = { CW_KEY_KIND_RSA_2048, CW_KEY_KIND_EC_P521, CW_KEY_KIND_ED25519 };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (CwSecret) text = NULL;

      make_leaf (fixture, kinds[i], "steve@example.com");
      text = render (fixture, 0);
      assert_settings (fixture, cw_secret_peek (text));
    }
}

/* What a person sees: no marks, no folded lines, nothing that could not be pasted below other keys.
 */
static void
test_form (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSecret) text = render (fixture, 0);
  g_auto (GStrv) lines = g_strsplit (cw_secret_peek (text), "\n", -1);
  guint n = g_strv_length (lines);

  g_assert_cmpstr (lines[0], ==,
                   "# Certificate of steve@example.com for PlaceOS, valid until 2027-11-20");
  g_assert_cmpstr (lines[1], ==, "https_private_key: |");
  g_assert_cmpstr (lines[2], ==, "  -----BEGIN PRIVATE KEY-----");
  g_assert_cmpstr (lines[n - 2], ==, "https_verify: peer");
  g_assert_cmpstr (lines[n - 1], ==, "");
  for (guint i = 1; i < n - 1; i++)
    {
      g_assert_cmpuint (strlen (lines[i]), <=, 66);
      if (!g_str_has_prefix (lines[i], "https_"))
        g_assert_true (g_str_has_prefix (lines[i], "  ") && lines[i][2] != ' ');
      g_assert_false (g_str_has_suffix (lines[i], " "));
    }
}

static void
test_apart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSecret) key = render (fixture, 1);
  g_autoptr (CwSecret) certificates = render (fixture, 2);
  g_auto (GStrv) in_key = load_yaml (cw_secret_peek (key));
  g_auto (GStrv) in_certificates = load_yaml (cw_secret_peek (certificates));

  g_assert_cmpuint (g_strv_length (in_key), ==, 2);
  g_assert_cmpstr (in_key[0], ==, "https_private_key");
  g_assert_true (g_str_has_prefix (
      cw_secret_peek (key),
      "# Private key of steve@example.com for PlaceOS, certificate valid until 2027-11-20\n"));
  g_assert_cmpuint (g_strv_length (in_certificates), ==, 6);
  g_assert_cmpstr (in_certificates[0], ==, "https_client_cert");
  g_assert_null (strstr (cw_secret_peek (certificates), "PRIVATE KEY"));
}

static void
test_left_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSecret) system = NULL;
  g_autoptr (CwSecret) empty = NULL;
  g_autoptr (CwSecret) key_alone = NULL;
  CwSecret *key = fixture->values.key;
  g_auto (GStrv) found = NULL;

  fixture->values.server_cas = NULL;
  fixture->values.verify_server = FALSE;
  system = render (fixture, 0);
  found = load_yaml (cw_secret_peek (system));
  g_assert_cmpuint (g_strv_length (found), ==, 6);
  g_assert_cmpstr (found[4], ==, "https_verify");
  g_assert_cmpstr (found[5], ==, "none");

  fixture->values.server_cas = "";
  empty = render (fixture, 0);
  g_assert_true (cw_secret_equal (system, empty));

  fixture->values.chain = NULL;
  key_alone = render (fixture, 1);
  g_assert_true (g_str_has_prefix (cw_secret_peek (key_alone), "# For PlaceOS\nhttps_private_key"));

  fixture->values.key = NULL;
  assert_not_rendered (fixture, 1, CW_ERROR_FAILED);
  fixture->values.key = key;
}

static void
test_self_signed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwCertificate) certificate =
      make_certificate ("device", fixture->key, NULL, fixture->key, FALSE);
  g_autoptr (CwChain) chain = cw_chain_new (certificate, NULL, NULL);
  g_autofree char *pem = cw_certificate_to_pem (certificate);
  g_autoptr (CwSecret) text = NULL;
  g_auto (GStrv) found = NULL;

  fixture->values.chain = chain;
  text = render (fixture, 0);
  found = load_yaml (cw_secret_peek (text));
  g_assert_cmpstr (found[3], ==, pem);
}

static void
test_unusable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwKey) other = make_key (CW_KEY_KIND_EC_P256);
  CwSecret *own = fixture->values.key;
  g_autoptr (CwSecret) other_pem = cw_key_to_pem (other, NULL);
  g_autoptr (CwSecret) rubbish = cw_secret_new ("rubbish", -1);

  fixture->values.key = other_pem;
  assert_not_rendered (fixture, 0, CW_ERROR_MISMATCH);
  assert_not_rendered (fixture, 1, CW_ERROR_MISMATCH);
  fixture->values.key = rubbish;
  assert_not_rendered (fixture, 0, CW_ERROR_UNREADABLE);
  fixture->values.key = own;

  fixture->values.server_cas = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  assert_not_rendered (fixture, 0, CW_ERROR_UNREADABLE);
}

static CwSecret *
encrypt_key (CwKey *key, const char *passphrase)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  const char *data = NULL;
  long length;

  g_assert_true (PEM_write_bio_PKCS8PrivateKey (bio, cw_key_peek_pkey (key), EVP_aes_256_cbc (),
                                                passphrase, strlen (passphrase), NULL, NULL));
  length = BIO_get_mem_data (bio, (char **) &data);
  return cw_secret_new (data, length);
}

/* PlaceOS cannot read an encrypted key; one in an older form is written anew. */
static void
test_key_forms (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSecret) plain = g_steal_pointer (&fixture->values.key);
  g_autoptr (CwSecret) encrypted = encrypt_key (fixture->key, "correct horse");
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  g_autoptr (CwSecret) traditional = NULL;
  g_autoptr (CwSecret) text = NULL;
  const char *pem = NULL;
  long length;

  fixture->values.key = encrypted;
  assert_not_rendered (fixture, 0, CW_ERROR_PASSPHRASE_NEEDED);

  g_assert_true (PEM_write_bio_PrivateKey_traditional (bio, cw_key_peek_pkey (fixture->key), NULL,
                                                       NULL, 0, NULL, NULL));
  length = BIO_get_mem_data (bio, (char **) &pem);
  traditional = cw_secret_new (pem, length);
  fixture->values.key = traditional;
  text = render (fixture, 0);

  fixture->values.key = cw_secret_ref (plain);
  assert_settings (fixture, cw_secret_peek (text));
}

static void
test_hostile_names (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = {
    "a\nhttps_verify: none",
    "a\r\nhttps_verify: none",
    "a\xc2\x85https_verify: none",     /* next line */
    "a\xe2\x80\xa8https_verify: none", /* line separator */
    "a\xe2\x80\xa9https_verify: none", /* paragraph separator */
    "a\vb\fc\x1b[31md\x7f",
    "a\xef\xbb\xbfz\xef\xbf\xbe",         /* byte order mark, not a character */
    "a\xe2\x80\xae\x65\x78\x61\x6d",      /* right-to-left override */
    "Stéphane # ' \" \\ : | > & * ! % @", /* nothing wrong with it */
    "\xf0\x9f\x94\x91\xf0\x9f\x94\x91",   /* outside of the basic plane */
    "%s%n",
    "-----BEGIN PRIVATE KEY-----",
    "---------BEGIN PRIVATE KEY---------",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (CwSecret) text = NULL;
      const char *line;

      make_leaf (fixture, CW_KEY_KIND_EC_P256, names[i]);
      text = render (fixture, 0);
      assert_settings (fixture, cw_secret_peek (text));

      line = strchr (cw_secret_peek (text), '\n');
      g_assert_true (g_str_has_prefix (line, "\nhttps_private_key: |\n"));
      for (const char *p = cw_secret_peek (text); p < line; p = g_utf8_next_char (p))
        g_assert_true (g_unichar_isprint (g_utf8_get_char (p)));
    }
}

/* A word that YAML takes for something else has to be quoted to stay a text. */
static void
test_reserved_words (Fixture *fixture, gconstpointer data)
{
  const char *const words[][2] = {
    { "true", "https_verify: 'true'\n" },  { "Off", "https_verify: 'Off'\n" },
    { "1", "https_verify: '1'\n" },        { "~", "https_verify: '~'\n" },
    { "it's", "https_verify: 'it''s'\n" }, { "a: b", "https_verify: 'a: b'\n" },
    { "peer", "https_verify: peer\n" },    { "fail_if_no_peer_cert", "https_verify: fail_if" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *profile = g_strdup_printf (
          "[Profile]\nName=T\nComment=T\n[Request]\nKeyKinds=ec-p256\nUsages=clientAuth\n"
          "[Setting https_verify]\nSource=verify\nOn=%s\nOff=nothing\n"
          "[Output one]\nName=One\nType=yaml\nFile=one.yaml\nSettings=https_verify\n",
          words[i][0]);
      g_autoptr (CwSecret) text = NULL;
      g_auto (GStrv) found = NULL;

      g_clear_object (&fixture->profile);
      fixture->profile = load_profile (profile, -1);
      text = render (fixture, 0);
      g_assert_nonnull (strstr (cw_secret_peek (text), words[i][1]));
      found = load_yaml (cw_secret_peek (text));
      g_assert_cmpstr (found[1], ==, words[i][0]);
    }
}

static gboolean
check (Fixture *fixture, const char *text)
{
  g_autoptr (CwSecret) secret = cw_secret_new (text, -1);
  g_autoptr (GError) error = NULL;
  gboolean ok = cw_output_check (fixture->profile, cw_profile_get_output (fixture->profile, 0),
                                 &fixture->values, secret, &error);

  if (ok)
    g_assert_no_error (error);
  else
    g_assert_error (error, CW_ERROR, CW_ERROR_MISMATCH);
  if (error != NULL)
    g_test_message ("%s", error->message);
  return ok;
}

static char *
replace (const char *text, const char *found, const char *instead)
{
  const char *place = strstr (text, found);

  g_assert_nonnull (place);
  return g_strdup_printf ("%.*s%s%s", (int) (place - text), text, instead, place + strlen (found));
}

static void
test_tampered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSecret) text = render (fixture, 0);
  const char *yaml = cw_secret_peek (text);
  const char *const changes[][2] = {
    { "https_verify: peer", "https_verify: none" },
    { "https_verify: peer", "https_verify: true" },
    { "https_verify: peer", "https_verify: 'peer '" },
    { "https_verify: peer", "https_verify: !!str peer" },
    { "https_verify: peer", "https_verify: &a peer" },
    { "https_verify: peer", "https_verify: [peer]" },
    { "https_verify: peer", "https_verify:" },
    { "https_verify: peer\n", "" },
    { "https_verify: peer", "https_verify: peer\nhttps_verify: peer" },
    { "https_verify: peer", "https_verify: peer\nhttps_more: peer" },
    { "https_verify: peer", "https_verify: peer\n---\na: b" },
    { "https_verify: peer", "https_verify: peer\n..." },
    { "https_verify: peer", "https_verify: peer\nrubbish" },
    { "https_verify: peer", "https_verify: pe\x01er" },
    { "https_private_key", "---\nhttps_private_key" },
    { "https_private_key", "https_private_kex" },
    { "https_private_key", "? [a]\n: b\nhttps_private_key" },
    { "https_private_key: |", "https_private_key: >" },
    { "https_private_key: |", "https_private_key: |-" },
    { "https_private_key: |", "https_private_key: !!binary |" },
    { "https_client_cert: |", "https_client_cert: |-" },
    { "-----BEGIN PRIVATE KEY-----\n  M", "-----BEGIN PRIVATE KEY-----\n  N" },
    { "-----BEGIN PRIVATE KEY-----\n  M", "-----BEGIN PRIVATE KEY-----\n  \\M" },
    { "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\n\n" },
    { "-----BEGIN PRIVATE KEY-----", "-----BEGIN ENCRYPTED PRIVATE KEY-----" },
    { "-----BEGIN PRIVATE KEY-----", "-----BEGIN CERTIFICATE-----" },
    { "  -----END PRIVATE KEY-----\n", "" },
    { "-----BEGIN CERTIFICATE-----\n  M", "-----BEGIN CERTIFICATE-----\n  N" },
  };

  g_assert_true (check (fixture, yaml));
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *tampered = replace (yaml, changes[i][0], changes[i][1]);

      g_assert_false (check (fixture, tampered));
    }
  g_assert_false (check (fixture, ""));
  g_assert_false (check (fixture, "# nothing\n"));
  g_assert_false (check (fixture, "\xff\xfe"));
}

/* Another person's text is whole, and yet not what went in. */
static void
test_other_content (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSecret) before = render (fixture, 0);
  g_autoptr (CwCertificate) intermediate = g_object_ref (fixture->intermediate);
  g_autoptr (CwCertificate) root = g_object_ref (fixture->root);
  g_autofree char *root_pem = cw_certificate_to_pem (root);
  g_autofree char *intermediate_pem = cw_certificate_to_pem (intermediate);
  g_autoptr (CwSecret) now = NULL;
  g_autoptr (CwSecret) with_other_cas = NULL;

  fixture->values.server_cas = intermediate_pem;
  with_other_cas = render (fixture, 0);
  g_assert_false (check (fixture, cw_secret_peek (before)));
  fixture->values.server_cas = root_pem;
  g_assert_false (check (fixture, cw_secret_peek (with_other_cas)));

  make_leaf (fixture, CW_KEY_KIND_EC_P256, "steve@example.com");
  now = render (fixture, 0);
  g_assert_true (check (fixture, cw_secret_peek (now)));
  g_assert_false (check (fixture, cw_secret_peek (before)));
}

/* The text with the chain in another order, or more of it than belongs there. */
static char *
replace_chain (Fixture *fixture,
               const char *text,
               CwCertificate *first,
               CwCertificate *second,
               CwCertificate *third)
{
  CwCertificate *const certificates[] = { first, second, third };
  const char *start = strstr (text, "https_client_cert: |\n") + strlen ("https_client_cert: |\n");
  const char *end = strstr (text, "https_ca_certificates");
  g_autoptr (GString) chain = g_string_new_len (text, start - text);

  for (guint i = 0; i < G_N_ELEMENTS (certificates) && certificates[i] != NULL; i++)
    {
      g_autofree char *pem = cw_certificate_to_pem (certificates[i]);
      g_auto (GStrv) lines = g_strsplit (g_strchomp (pem), "\n", -1);

      for (guint j = 0; lines[j] != NULL; j++)
        g_string_append_printf (chain, "  %s\n", lines[j]);
    }
  g_string_append (chain, end);

  return g_strdup (chain->str);
}

static void
test_chain_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSecret) text = render (fixture, 0);
  const char *yaml = cw_secret_peek (text);
  CwCertificate *leaf = fixture->leaf, *intermediate = fixture->intermediate;
  g_autofree char *same = replace_chain (fixture, yaml, leaf, intermediate, NULL);
  g_autofree char *turned = replace_chain (fixture, yaml, intermediate, leaf, NULL);
  g_autofree char *shorter = replace_chain (fixture, yaml, leaf, NULL, NULL);
  g_autofree char *with_root = replace_chain (fixture, yaml, leaf, intermediate, fixture->root);

  g_assert_cmpstr (same, ==, yaml);
  g_assert_true (check (fixture, same));
  g_assert_false (check (fixture, turned));
  g_assert_false (check (fixture, shorter));
  g_assert_false (check (fixture, with_root));
}

static char *
describe_spans (Fixture *fixture, CwSecret *text)
{
  g_autoptr (GArray) spans =
      cw_output_get_spans (fixture->profile, cw_profile_get_output (fixture->profile, 0), text);
  const char *const styles[] = { "comment", "name", "value", "secret" };
  g_autoptr (GString) found = g_string_new (NULL);
  gsize before = 0;

  for (guint i = 0; i < spans->len; i++)
    {
      const CwOutputSpan *span = &g_array_index (spans, CwOutputSpan, i);
      const char *piece = cw_secret_peek (text) + span->start;
      gsize length = span->end - span->start;

      g_assert_cmpuint (span->start, >=, before);
      g_assert_cmpuint (span->end, >, span->start);
      g_assert_cmpuint (span->end, <=, cw_secret_get_length (text));
      before = span->end;
      length = MIN (length, strcspn (piece, "\n"));
      g_string_append_printf (found, "%s:%.*s;", styles[span->style], (int) length, piece);
    }

  return g_strdup (found->str);
}

static void
test_spans (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSecret) text = NULL;
  g_autoptr (CwSecret) masked = NULL;
  g_autoptr (CwSecret) broken = cw_secret_new ("# a\nb: c\n\"d", -1);
  g_autofree char *found = NULL;
  g_autofree char *found_masked = NULL;
  g_autofree char *found_broken = NULL;
  g_autofree char *up_to_key = NULL;
  g_autoptr (GArray) spans = NULL;
  const char *wanted = "comment:# Certificate of Zoë # 1 for PlaceOS, valid until 2027-11-20;"
                       "name:https_private_key;secret:|;name:https_client_cert;value:|;"
                       "name:https_ca_certificates;value:|;name:https_verify;value:peer;";

  make_leaf (fixture, CW_KEY_KIND_EC_P256, "Zoë # 1");
  text = render (fixture, 0);
  found = describe_spans (fixture, text);
  g_assert_cmpstr (found, ==, wanted);

  masked = cw_output_mask (text);
  found_masked = describe_spans (fixture, masked);
  g_assert_cmpstr (found_masked, ==, wanted);

  /* The whole key is in the secret span. */
  spans = cw_output_get_spans (fixture->profile, cw_profile_get_output (fixture->profile, 0), text);
  up_to_key = g_strndup (cw_secret_peek (text), g_array_index (spans, CwOutputSpan, 2).end);
  g_assert_true (g_str_has_suffix (up_to_key, "\n  -----END PRIVATE KEY-----"));

  found_broken = describe_spans (fixture, broken);
  g_assert_true (g_str_has_prefix (found_broken, "comment:# a;name:b;value:c;"));
}

/* What isolates a name in a sentence is not pasted. */
static void
test_directions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) cw_yaml_entry_free);
  g_autoptr (CwSecret) text = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (entries, cw_yaml_entry_new ("a", "b", NULL));
  text = cw_yaml_write ("Of \u2068Zoë\u2069, 1", entries, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (cw_secret_peek (text), "# Of Zoë, 1\n"));
}

static void
test_mask (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwSecret) text = render (fixture, 0);
  g_autoptr (CwSecret) masked = cw_output_mask (text);
  g_auto (GStrv) lines = g_strsplit (cw_secret_peek (text), "\n", -1);
  g_auto (GStrv) masked_lines = g_strsplit (cw_secret_peek (masked), "\n", -1);
  gboolean in_key = FALSE;
  guint n = 0;

  g_assert_cmpuint (g_strv_length (masked_lines), ==, g_strv_length (lines));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (strstr (lines[i], "-----END PRIVATE KEY-----"))
        in_key = FALSE;
      g_assert_cmpint (g_utf8_strlen (masked_lines[i], -1), ==, g_utf8_strlen (lines[i], -1));
      if (in_key)
        {
          g_assert_cmpuint (strspn (masked_lines[i], " •"), ==, strlen (masked_lines[i]));
          n++;
        }
      else
        g_assert_cmpstr (masked_lines[i], ==, lines[i]);
      if (strstr (lines[i], "-----BEGIN PRIVATE KEY-----"))
        in_key = TRUE;
    }
  g_assert_cmpuint (n, >=, 3);
}

/* One that nobody ended, one in another form, and one after another. */
static void
test_mask_forms (void)
{
  const char *const forms[][2] = {
    { "a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  AbC=\n",
      "a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  ••••\n" },
    { "-----BEGIN PRIVATE KEY-----\nA+\n-----END PRIVATE KEY-----\n-----BEGIN EC PRIVATE "
      "KEY-----\n/b",
      "-----BEGIN PRIVATE KEY-----\n••\n-----END PRIVATE KEY-----\n-----BEGIN EC PRIVATE "
      "KEY-----\n••" },
    { "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
    { "-----BEGIN PRIVATE KEY", "-----BEGIN PRIVATE KEY" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (CwSecret) text = cw_secret_new (forms[i][0], -1);
      g_autoptr (CwSecret) masked = cw_output_mask (text);

      g_assert_cmpstr (cw_secret_peek (masked), ==, forms[i][1]);
    }
}

#define ADD(name, function) g_test_add ("/output/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  temporary = g_dir_make_tmp ("certwright-XXXXXX", NULL);
  g_assert_nonnull (temporary);

  ADD ("settings", test_settings);
  ADD ("form", test_form);
  ADD ("apart", test_apart);
  ADD ("left-out", test_left_out);
  ADD ("self-signed", test_self_signed);
  ADD ("unusable", test_unusable);
  ADD ("key-forms", test_key_forms);
  ADD ("hostile-names", test_hostile_names);
  ADD ("reserved-words", test_reserved_words);
  ADD ("tampered", test_tampered);
  ADD ("other-content", test_other_content);
  ADD ("chain-order", test_chain_order);
  ADD ("spans", test_spans);
  ADD ("directions", test_directions);
  ADD ("mask", test_mask);
  g_test_add_func ("/output/mask-forms", test_mask_forms);

  result = g_test_run ();
  g_assert_cmpint (g_rmdir (temporary), ==, 0);
  g_free (temporary);

  return result;
}
