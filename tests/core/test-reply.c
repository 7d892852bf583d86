/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "cw-chain.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-reply.h"
#include "cw-request.h"
#include "pki.h"

/* A leaf, its authorities and its key as files, and a folder for what openssl makes of them. */
typedef struct
{
  Pki pki;
  char *folder;
  char *leaf;
  char *authorities;
  char *key;
} Fixture;

static char *
path_in (Fixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
write_file (Fixture *self, const char *name, const char *text, gssize size)
{
  g_autofree char *path = path_in (self, name);
  g_autoptr (GError) error = NULL;
  g_file_set_contents (path, text, size, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  pki_init (&self->pki);
  self->folder = g_dir_make_tmp ("cw-reply-XXXXXX", NULL);
  g_assert_nonnull (self->folder);

  self->leaf = cw_certificate_to_pem (self->pki.leaf);
  g_autofree char *middle = cw_certificate_to_pem (self->pki.middle);
  g_autofree char *root = cw_certificate_to_pem (self->pki.root);
  self->authorities = g_strconcat (middle, root, NULL);
  g_autoptr (CwSecret) key = cw_key_to_pem (self->pki.leaf_key, NULL);
  self->key = g_strdup (cw_secret_peek (key));
  write_file (self, "leaf.pem", self->leaf, -1);
  write_file (self, "ca.pem", self->authorities, -1);
  write_file (self, "key.pem", self->key, -1);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = path_in (self, name);
      g_remove (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->leaf);
  g_free (self->authorities);
  g_free (self->key);
  pki_clear (&self->pki);
}

/* Runs a command line in the folder. */
static void
run (Fixture *self, const char *command)
{
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *errors = NULL;
  int status = 0;
  g_assert_true (g_shell_parse_argv (command, NULL, &argv, NULL));
  g_spawn_sync (self->folder, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, &errors, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_error ("%s: %s", command, errors);
}

static void
add_text (CwReply *reply, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  cw_reply_add_bytes (reply, bytes, "Pasted text");
}

static void
add_file (Fixture *self, CwReply *reply, const char *name)
{
  g_autofree char *path = path_in (self, name);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  cw_reply_add_file (reply, file, NULL);
}

static guint
count (CwReply *reply)
{
  return g_list_model_get_n_items (G_LIST_MODEL (reply));
}

static CwReplyItem *
nth (CwReply *reply, guint i)
{
  g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);
  g_assert_nonnull (item);
  return item; /* the list keeps it */
}

static guint
count_kind (CwReply *reply, CwReplyKind kind)
{
  guint n = 0;
  for (guint i = 0; i < count (reply); i++)
    n += cw_reply_item_get_kind (nth (reply, i)) == kind;
  return n;
}

static void
assert_kinds (CwReply *reply, guint certificates, guint keys, guint locked, guint unreadable)
{
  for (guint i = 0; i < count (reply); i++)
    {
      CwReplyItem *item = nth (reply, i);
      const GError *error = cw_reply_item_get_error (item);
      g_test_message ("%s | %s | %s", cw_reply_item_get_source (item),
                      cw_reply_item_get_title (item), error != NULL ? error->message : "");
    }
  g_assert_cmpuint (count_kind (reply, CW_REPLY_KIND_CERTIFICATE), ==, certificates);
  g_assert_cmpuint (count_kind (reply, CW_REPLY_KIND_KEY), ==, keys);
  g_assert_cmpuint (count_kind (reply, CW_REPLY_KIND_LOCKED), ==, locked);
  g_assert_cmpuint (count_kind (reply, CW_REPLY_KIND_UNREADABLE), ==, unreadable);
}

static void
assert_message (const GError *error, const char *part)
{
  g_assert_nonnull (error);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
}

/* What ends up as an unreadable item, and nothing else. */
static void
assert_unreadable (CwReply *reply, GQuark domain, int code, const char *part)
{
  assert_kinds (reply, 0, 0, 0, 1);
  g_assert_error (cw_reply_item_get_error (nth (reply, 0)), domain, code);
  assert_message (cw_reply_item_get_error (nth (reply, 0)), part);
}

static char *
replace (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);
  return g_strjoinv (to, parts);
}

static void
test_roles (Fixture *self, gconstpointer data)
{
  g_autoptr (CwCertificate) stranger =
      pki_make (&(PkiSpec){ .name = "stranger", .extensions = pki_client_extensions });
  g_autofree char *strange = cw_certificate_to_pem (stranger);
  g_autofree char *text = g_strconcat (self->authorities, strange, self->leaf, NULL);
  g_autoptr (CwReply) reply = cw_reply_new ();
  add_text (reply, text);
  add_text (reply, text); /* each is listed once */
  assert_kinds (reply, 4, 0, 0, 0);
  g_assert_cmpint (cw_reply_item_get_role (nth (reply, 0)), ==, CW_REPLY_ROLE_UNKNOWN);

  const char *const ours[] = { "00", cw_certificate_get_key_fingerprint (self->pki.leaf), NULL };
  g_autoptr (GPtrArray) yours = cw_reply_assign_roles (reply, ours);
  g_assert_cmpuint (yours->len, ==, 1);
  g_assert_true (cw_certificate_equal (g_ptr_array_index (yours, 0), self->pki.leaf));
  g_assert_cmpint (cw_reply_item_get_role (nth (reply, 0)), ==, CW_REPLY_ROLE_INTERMEDIATE);
  g_assert_cmpint (cw_reply_item_get_role (nth (reply, 1)), ==, CW_REPLY_ROLE_ROOT);
  g_assert_cmpint (cw_reply_item_get_role (nth (reply, 2)), ==, CW_REPLY_ROLE_NOT_RELATED);
  g_assert_cmpint (cw_reply_item_get_role (nth (reply, 3)), ==, CW_REPLY_ROLE_YOURS);

  g_autoptr (GPtrArray) all = cw_reply_get_certificates (reply);
  g_autoptr (CwChain) chain = cw_chain_new (self->pki.leaf, all, NULL);
  g_assert_true (cw_chain_is_complete (chain));

  /* For somebody else's key nothing is ours. */
  const char *const theirs[] = { "00", NULL };
  g_autoptr (GPtrArray) none = cw_reply_assign_roles (reply, theirs);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpint (cw_reply_item_get_role (nth (reply, 3)), ==, CW_REPLY_ROLE_NOT_RELATED);
}

static void
test_single_file (Fixture *self, gconstpointer data)
{
  g_autofree char *text =
      g_strconcat ("Bag Attributes\n    friendlyName: x\nsubject=CN = x\n", self->authorities,
                   "\nsome words\n", self->key, self->leaf, NULL);
  write_file (self, "all.txt", text, -1);
  g_autoptr (CwReply) reply = cw_reply_new ();
  add_file (self, reply, "all.txt");
  assert_kinds (reply, 3, 1, 0, 0);
  g_assert_cmpstr (cw_reply_item_get_source (nth (reply, 0)), ==, "all.txt, line 4");
  g_assert_cmpstr (cw_reply_item_get_title (nth (reply, 2)), ==, "Private key, EC P-256");
  g_assert_nonnull (cw_reply_find_key (reply, cw_certificate_get_key_fingerprint (self->pki.leaf)));
  g_assert_null (cw_reply_find_key (reply, "00"));

  /* The key that came along says whose the certificate is. */
  g_autoptr (GPtrArray) yours = cw_reply_assign_roles (reply, NULL);
  g_assert_cmpuint (yours->len, ==, 1);
}

static void
test_forms (Fixture *self, gconstpointer data)
{
  g_autofree char *both = g_strconcat (self->leaf, self->key, NULL);
  g_autofree char *crlf = replace (both, "\n", "\r\n");
  g_autofree char *cr = replace (both, "\n", "\r");
  g_autofree char *escaped = replace (both, "\n", "\\n");
  g_autofree char *json = g_strconcat ("{\"c\": \"", escaped, "\"}", NULL);
  g_autofree char *twice = replace (both, "\n", "\\\\r\\\\n");
  g_autofree char *quoted = replace (both, "\n", "\n> > ");
  g_autofree char *indented = replace (both, "\n", "\n    ");
  g_autofree char *yaml = g_strconcat ("key: |\n    ", indented, NULL);
  g_autofree char *trailing = replace (both, "\n", " \t\n");
  g_autofree char *bom = g_strconcat ("\xef\xbb\xbf", both, NULL);
  g_autofree char *blank_lines = replace (both, "\n", "\n\n");
  g_autofree char *one_line = replace (both, "\n", " ");
  g_autofree char *strings = replace (both, "\n", "\\n\",\n  \"");
  g_autofree char *dashes = replace (both, "-----", "\xe2\x80\x94-");
  g_autofree char *spaces = replace (both, "\n", "\xc2\xa0\n");
  g_autofree char *mail = replace (both, "=\n", "=3D\n");
  g_autofree char *unfinished = g_strndup (both, strlen (both) - 1);
  const char *const forms[] = { both,   crlf,     cr,   json,        twice,    quoted,
                                yaml,   trailing, bom,  blank_lines, one_line, strings,
                                dashes, spaces,   mail, unfinished };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_test_message ("form %u", i);
      g_autoptr (CwReply) reply = cw_reply_new ();
      add_text (reply, forms[i]);
      assert_kinds (reply, 1, 1, 0, 0);
    }

  gsize size = 0;
  g_autofree char *utf16 = g_convert (both, -1, "UTF-16", "UTF-8", NULL, &size, NULL);
  g_autoptr (GBytes) wide = g_bytes_new (utf16, size);
  g_autoptr (CwReply) reply = cw_reply_new ();
  cw_reply_add_bytes (reply, wide, "wide.txt");
  assert_kinds (reply, 1, 1, 0, 0);
}

static void
test_labels (Fixture *self, gconstpointer data)
{
  static const char *const labels[] = { "X509 CERTIFICATE", "PKCS7", "SOMETHING OLD" };
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autofree char *text = replace (self->leaf, "CERTIFICATE", labels[i]);
      g_autoptr (CwReply) reply = cw_reply_new ();
      add_text (reply, text);
      assert_kinds (reply, 1, 0, 0, 0);
    }

  run (self, "openssl x509 -in leaf.pem -trustout -addtrust clientAuth -out trusted.pem");
  g_autoptr (CwReply) trusted = cw_reply_new ();
  add_file (self, trusted, "trusted.pem");
  assert_kinds (trusted, 1, 0, 0, 0);
  g_assert_true (
      cw_certificate_equal (self->pki.leaf, cw_reply_item_get_certificate (nth (trusted, 0))));
}

static void
test_others (Fixture *self, gconstpointer data)
{
  run (self, "openssl pkey -in key.pem -pubout -out public.pem");
  run (self, "openssl ecparam -name prime256v1 -out parameters.pem");
  run (self, "openssl pkey -in key.pem -pubout -outform DER -out public.der");
  g_autoptr (CwReply) reply = cw_reply_new ();
  add_file (self, reply, "public.pem");
  add_file (self, reply, "parameters.pem");
  add_file (self, reply, "public.der");
  add_text (reply,
            "-----BEGIN PGP MESSAGE-----\nVersion: 1\n\nabcd\n=abcd\n-----END PGP MESSAGE-----");
  assert_kinds (reply, 0, 0, 0, 0);
  g_assert_cmpuint (count_kind (reply, CW_REPLY_KIND_OTHER), ==, 4);
  g_assert_cmpstr (cw_reply_item_get_title (nth (reply, 0)), ==, "Public key");
  g_assert_null (cw_reply_item_get_error (nth (reply, 0)));
}

static void
test_der (Fixture *self, gconstpointer data)
{
  run (self, "openssl x509 -in leaf.pem -outform DER -out leaf.cer");
  run (self, "openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out p8.der");
  run (self, "openssl ec -in key.pem -outform DER -out sec1.der");
  run (self, "openssl genrsa -traditional -out rsa.pem 2048");
  run (self, "openssl rsa -in rsa.pem -traditional -outform DER -out pkcs1.der");
  g_autoptr (CwReply) reply = cw_reply_new ();
  add_file (self, reply, "leaf.cer");
  add_file (self, reply, "p8.der");
  assert_kinds (reply, 1, 1, 0, 0);
  g_assert_cmpstr (cw_reply_item_get_source (nth (reply, 0)), ==, "leaf.cer");
  add_file (self, reply, "sec1.der"); /* the same key */
  assert_kinds (reply, 1, 1, 0, 0);
  add_file (self, reply, "pkcs1.der");
  assert_kinds (reply, 1, 2, 0, 0);
  add_file (self, reply, "rsa.pem");
  assert_kinds (reply, 1, 2, 0, 0);

  g_autoptr (CwReply) alone = cw_reply_new ();
  add_file (self, alone, "sec1.der");
  assert_kinds (alone, 0, 1, 0, 0);

  /* Two files in one, with a line break at the end. */
  run (self, "sh -c 'cat leaf.cer p8.der > two.der; echo >> two.der'");
  g_autoptr (CwReply) two = cw_reply_new ();
  add_file (self, two, "two.der");
  assert_kinds (two, 1, 1, 0, 0);
}

static void
test_bare_base64 (Fixture *self, gconstpointer data)
{
  g_auto (GStrv) lines = g_strsplit (self->leaf, "\n", -1);
  guint n = g_strv_length (lines);
  g_free (lines[n - 1]);
  lines[n - 1] = NULL;
  g_clear_pointer (&lines[n - 2], g_free);
  g_autofree char *bare = g_strjoinv ("\n", lines + 1);
  g_autoptr (CwReply) reply = cw_reply_new ();
  add_text (reply, bare);
  assert_kinds (reply, 1, 0, 0, 0);
}

static void
test_request (Fixture *self, gconstpointer data)
{
  run (self, "openssl req -new -key key.pem -subj /CN=steve@example.com -out request.pem");
  run (self, "openssl req -in request.pem -outform DER -out request.der");
  run (self, "openssl req -new -newhdr -key key.pem -subj /CN=other -out new.pem");
  g_autoptr (CwReply) reply = cw_reply_new ();
  add_file (self, reply, "request.pem");
  add_file (self, reply, "request.der");
  add_file (self, reply, "new.pem");
  g_assert_cmpuint (count_kind (reply, CW_REPLY_KIND_REQUEST), ==, 2);
  g_assert_cmpstr (cw_reply_item_get_title (nth (reply, 0)), ==, "Request for “steve@example.com”");
  g_autofree char *fingerprint =
      cw_csr_get_key_fingerprint (cw_reply_item_get_request (nth (reply, 0)), NULL);
  g_assert_cmpstr (fingerprint, ==, cw_key_get_fingerprint (self->pki.leaf_key));
  /* As PEM and as DER it is the same one. */
  g_autoptr (GPtrArray) requests = cw_reply_get_requests (reply);
  g_assert_cmpuint (requests->len, ==, 2);
  g_assert_true (g_ptr_array_index (requests, 0) == cw_reply_item_get_request (nth (reply, 0)));
}

static void
test_pkcs7 (Fixture *self, gconstpointer data)
{
  run (self, "openssl crl2pkcs7 -nocrl -certfile leaf.pem -certfile ca.pem -out all.p7b");
  run (self, "openssl pkcs7 -in all.p7b -outform DER -out all.p7c");
  static const char *const names[] = { "all.p7b", "all.p7c" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (CwReply) reply = cw_reply_new ();
      add_file (self, reply, names[i]);
      assert_kinds (reply, 3, 0, 0, 0);
    }

  /* What is not signed data carries no certificates. */
  run (self, "openssl cms -encrypt -binary -in leaf.pem -outform DER -out secret.p7m leaf.pem");
  g_autoptr (CwReply) encrypted = cw_reply_new ();
  add_file (self, encrypted, "secret.p7m");
  assert_kinds (encrypted, 0, 0, 0, 1);

  run (self, "truncate -s 300 all.p7c");
  g_autoptr (CwReply) cut = cw_reply_new ();
  add_file (self, cut, "all.p7c");
  assert_unreadable (cut, CW_ERROR, CW_ERROR_UNREADABLE, "300 bytes");
}

/* Gives wrong and right passphrase; the locked file must then give three certificates and a key. */
static void
open_pkcs12 (Fixture *self, const char *name, const char *wrong_says, const char *remark)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) wrong = cw_secret_new ("not it", -1);
  g_autoptr (CwSecret) right = cw_secret_new ("steve’s pass", -1);
  g_autoptr (CwReply) reply = cw_reply_new ();
  add_file (self, reply, name);
  assert_kinds (reply, 0, 0, 1, 0);
  g_assert_true (cw_reply_needs_passphrase (reply));
  g_assert_error (cw_reply_item_get_error (nth (reply, 0)), CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED);

  g_assert_false (cw_reply_unlock (reply, wrong, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_PASSPHRASE_WRONG);
  assert_message (error, wrong_says);
  assert_message (error, name);
  assert_kinds (reply, 0, 0, 1, 0);
  g_clear_error (&error);

  g_assert_true (cw_reply_unlock (reply, right, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (cw_reply_needs_passphrase (reply));
  assert_kinds (reply, 3, 1, 0, 0);
  g_autoptr (GPtrArray) yours = cw_reply_assign_roles (reply, NULL);
  g_assert_cmpuint (yours->len, ==, 1);
  for (guint i = 0; i < count (reply); i++)
    {
      const char *said = cw_reply_item_get_remark (nth (reply, i));
      g_assert_true ((said == NULL) == (remark == NULL));
      g_assert_true (remark == NULL || strstr (said, remark) != NULL);
    }
}

#define MAKE_PKCS12 "openssl pkcs12 -export -inkey key.pem -in leaf.pem -certfile ca.pem "
#define PASS        "-passout \"pass:steve’s pass\" "

static void
test_pkcs12 (Fixture *self, gconstpointer data)
{
  run (self, MAKE_PKCS12 PASS "-out new.p12");
  open_pkcs12 (self, "new.p12", "The passphrase is wrong", NULL);
  run (self, MAKE_PKCS12 PASS "-nomac -out nomac.p12");
  open_pkcs12 (self, "nomac.p12", "has no check value", "no check value");

  /* Old ciphers, which only the legacy provider knows. */
  run (self, MAKE_PKCS12 PASS "-legacy -out rc2.p12");
  open_pkcs12 (self, "rc2.p12", "The passphrase is wrong", "old cipher");
  run (self, MAKE_PKCS12 PASS "-legacy -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -out 3des.p12");
  open_pkcs12 (self, "3des.p12", "The passphrase is wrong", "old cipher");
  /* A new scheme around an old cipher. */
  run (self, MAKE_PKCS12 PASS "-keypbe DES-CBC -certpbe DES-CBC -provider legacy -provider default "
                              "-out pbes2.p12");
  open_pkcs12 (self, "pbes2.p12", "The passphrase is wrong", "old cipher");
  run (self, MAKE_PKCS12 PASS "-legacy -nomac -out both.p12");
  open_pkcs12 (self, "both.p12", "has no check value", "no check value");
  open_pkcs12 (self, "both.p12", "has no check value", "old cipher");
}

/* As portals answer: one in its armour, the other without. */
static void
test_beside_armour (Fixture *self, gconstpointer data)
{
  gsize size;
  const guchar *der = g_bytes_get_data (cw_certificate_get_der (self->pki.root), &size);
  g_autofree char *bare = g_base64_encode (der, size);
  g_autofree char *escaped = replace (self->leaf, "\n", "\\n");
  g_autofree char *json =
      g_strconcat ("{\"ca\": \"", bare, "\",\n\"certificate\": \"", escaped, "\"}", NULL);
  g_autofree char *turned =
      g_strconcat ("{\"certificate\": \"", escaped, "\",\n\"ca\": \"", bare, "\"}", NULL);
  const char *const texts[] = { json, turned };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (CwReply) reply = cw_reply_new ();
      add_text (reply, texts[i]);
      assert_kinds (reply, 2, 0, 0, 0);
      g_assert_cmpuint (cw_reply_item_get_line (nth (reply, 0)), ==, 1);
      g_assert_cmpuint (cw_reply_item_get_line (nth (reply, 1)), ==, 2);
    }
}

/* Asked for once: what comes later is tried with what was given. */
static void
test_passphrase_remembered (Fixture *self, gconstpointer data)
{
  g_autoptr (CwSecret) right = cw_secret_new ("steve’s pass", -1);
  run (self, MAKE_PKCS12 PASS "-out one.p12");
  run (self, "openssl pkcs12 -export -nokeys -in ca.pem " PASS "-out two.p12");
  run (self, "openssl pkey -in key.pem -aes256 -out key2.pem " PASS);
  run (self, "openssl pkey -in key.pem -aes256 -out key3.pem -passout pass:other");
  g_autoptr (CwReply) reply = cw_reply_new ();
  add_file (self, reply, "two.p12");
  g_assert_true (cw_reply_unlock (reply, right, NULL, NULL));
  assert_kinds (reply, 2, 0, 0, 0);
  add_file (self, reply, "key2.pem");
  assert_kinds (reply, 2, 1, 0, 0);
  add_file (self, reply, "one.p12");
  assert_kinds (reply, 3, 1, 0, 0);
  add_file (self, reply, "key3.pem");
  assert_kinds (reply, 3, 1, 1, 0);
  g_assert_error (cw_reply_item_get_error (nth (reply, 4)), CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED);
}

static void
test_crl (Fixture *self, gconstpointer data)
{
  g_autoptr (CwSecret) key = cw_key_to_pem (self->pki.middle_key, NULL);
  g_autofree char *middle = cw_certificate_to_pem (self->pki.middle);
  write_file (self, "ca.key", cw_secret_peek (key), -1);
  write_file (self, "middle.pem", middle, -1);
  write_file (self, "index.txt", "", 0);
  write_file (self, "ca.conf", "[ca]\ndatabase=index.txt\ndefault_md=sha256\n", -1);
  run (self, "openssl ca -config ca.conf -name ca -gencrl -crldays 9 -cert middle.pem "
             "-keyfile ca.key -out list.pem");
  run (self, "openssl crl -in list.pem -outform DER -out list.crl");
  run (self, "openssl crl2pkcs7 -in list.pem -certfile leaf.pem -out both.p7b");

  g_autoptr (CwReply) reply = cw_reply_new ();
  add_file (self, reply, "list.pem");
  add_file (self, reply, "list.crl"); /* the same once more */
  add_file (self, reply, "both.p7b"); /* and once more, beside a certificate */
  assert_kinds (reply, 1, 0, 0, 0);
  g_assert_cmpuint (count_kind (reply, CW_REPLY_KIND_CRL), ==, 1);
  CwCrl *crl = cw_reply_item_get_crl (nth (reply, 0));
  g_assert_cmpstr (cw_reply_item_get_title (nth (reply, 0)), ==,
                   "Revocation list of “Test Intermediate”");
  g_assert_true (cw_crl_is_issued_by (crl, self->pki.middle));
  g_assert_false (cw_crl_is_issued_by (crl, self->pki.root));
  g_assert_false (cw_crl_find_revocation (crl, self->pki.leaf, NULL));
}

static void
test_pkcs12_open (Fixture *self, gconstpointer data)
{
  static const char *const commands[] = {
    MAKE_PKCS12 "-passout pass: -out open.p12",
    MAKE_PKCS12 "-passout pass: -keypbe NONE -certpbe NONE -nomac -out open.p12",
    MAKE_PKCS12 "-passout pass: -keypbe NONE -certpbe NONE -out open.p12",
    MAKE_PKCS12 "-passout pass: -legacy -out open.p12",
  };
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      run (self, commands[i]);
      g_autoptr (CwReply) reply = cw_reply_new ();
      add_file (self, reply, "open.p12");
      assert_kinds (reply, 3, 1, 0, 0);
    }

  run (self, "openssl pkcs12 -export -nocerts -inkey key.pem -passout pass: -out key.p12");
  g_autoptr (CwReply) key_only = cw_reply_new ();
  add_file (self, key_only, "key.p12");
  assert_kinds (key_only, 0, 1, 0, 0);

  /* Encrypted with nothing, as easy-rsa does it: there is nothing to ask for. */
  run (self, "openssl pkcs8 -topk8 -in key.pem -out empty.pem -passout pass:");
  g_autoptr (CwReply) empty = cw_reply_new ();
  add_file (self, empty, "empty.pem");
  assert_kinds (empty, 0, 1, 0, 0);
}

static void
test_pkcs12_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *path = path_in (self, "bad.p12");
  g_autofree char *content = NULL;
  gsize size;
  run (self, MAKE_PKCS12 PASS "-nomac -out bad.p12");
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));

  /* Cut off: told before anybody is asked for a passphrase. */
  write_file (self, "bad.p12", content, (gssize) size / 2);
  g_autoptr (CwReply) cut = cw_reply_new ();
  add_file (self, cut, "bad.p12");
  assert_unreadable (cut, CW_ERROR, CW_ERROR_UNREADABLE, "cut off");

  /* The outer shape is right, the inner one is not. */
  run (self, MAKE_PKCS12 PASS "-out bad.p12");
  g_clear_pointer (&content, g_free);
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  memset (content + 30, 0xff, 20);
  write_file (self, "bad.p12", content, (gssize) size);
  g_autoptr (CwReply) rubbish = cw_reply_new ();
  add_file (self, rubbish, "bad.p12");
  assert_unreadable (rubbish, CW_ERROR, CW_ERROR_UNREADABLE, "damaged");
}

static void
test_pkcs12_unknown_cipher (Fixture *self, gconstpointer data)
{
  static const guint8 pbes2[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d };
  g_autofree char *path = path_in (self, "odd.p12");
  g_autofree char *content = NULL;
  gsize size;
  run (self, MAKE_PKCS12 PASS "-nomac -out odd.p12");
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  guint8 *cipher = memmem (content, size, pbes2, sizeof pbes2);
  g_assert_nonnull (cipher);
  cipher[8] = 0x63;
  write_file (self, "odd.p12", content, (gssize) size);

  g_autoptr (CwReply) reply = cw_reply_new ();
  add_file (self, reply, "odd.p12");
  assert_unreadable (reply, CW_ERROR, CW_ERROR_UNSUPPORTED, "not the passphrase");
}

/* A bundle whose check value is right and whose encrypted part is not. */
static GBytes *
make_hopeless_pkcs12 (Fixture *self)
{
  g_autoptr (PKCS12) whole =
      PKCS12_create ("pass", NULL, cw_key_peek_pkey (self->pki.leaf_key),
                     cw_certificate_peek_x509 (self->pki.leaf), NULL, 0, 0, 0, 0, 0);
  STACK_OF (PKCS7) *safes = PKCS12_unpack_authsafes (whole);
  g_assert_nonnull (safes);
  for (int i = 0; i < sk_PKCS7_num (safes); i++)
    {
      PKCS7 *safe = sk_PKCS7_value (safes, i);
      if (PKCS7_type_is_encrypted (safe))
        {
          ASN1_OCTET_STRING *content = safe->d.encrypted->enc_data->enc_data;
          memset (content->data, 0x55, (gsize) content->length);
        }
    }
  g_assert_true (PKCS12_pack_authsafes (whole, safes));
  g_assert_true (PKCS12_set_mac (whole, "pass", -1, NULL, 0, 1, EVP_sha256 ()));
  sk_PKCS7_pop_free (safes, PKCS7_free);

  unsigned char *der = NULL;
  int size = i2d_PKCS12 (whole, &der);
  g_assert_cmpint (size, >, 0);
  GBytes *bytes = g_bytes_new (der, (gsize) size);
  OPENSSL_free (der);
  return bytes;
}

static void
test_pkcs12_hopeless (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) right = cw_secret_new ("pass", -1);
  g_autoptr (GBytes) bytes = make_hopeless_pkcs12 (self);
  g_autoptr (CwReply) reply = cw_reply_new ();
  cw_reply_add_bytes (reply, bytes, "hopeless.p12");
  assert_kinds (reply, 0, 0, 1, 0);
  g_assert_false (cw_reply_unlock (reply, right, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNREADABLE);
  assert_message (error, "passphrase is right");

  /* There is no use in asking again. */
  g_assert_false (cw_reply_needs_passphrase (reply));
  assert_unreadable (reply, CW_ERROR, CW_ERROR_UNREADABLE, "hopeless.p12");
}

static X509_ALGOR *
make_costly (void)
{
  X509_ALGOR *algorithm = PKCS5_pbe2_set (EVP_aes_256_cbc (), G_MAXINT, NULL, 0);
  g_assert_nonnull (algorithm);
  return algorithm;
}

/* In a part of its own: encrypted as a whole, or a single key. */
static PKCS7 *
make_costly_safe (Fixture *self, gboolean single_key)
{
  X509_ALGOR *algorithm = make_costly ();
  PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8 (cw_key_peek_pkey (self->pki.leaf_key));
  STACK_OF (PKCS12_SAFEBAG) *bags = sk_PKCS12_SAFEBAG_new_null ();
  PKCS7 *safe = NULL;
  if (single_key)
    {
      X509_SIG *shrouded = PKCS8_encrypt (-1, EVP_aes_256_cbc (), "", 0, NULL, 0, 1, info);
      X509_ALGOR *place = NULL;
      X509_SIG_getm (shrouded, &place, NULL);
      g_assert_true (X509_ALGOR_copy (place, algorithm));
      sk_PKCS12_SAFEBAG_push (bags, PKCS12_SAFEBAG_create0_pkcs8 (shrouded));
      safe = PKCS12_pack_p7data (bags);
      PKCS8_PRIV_KEY_INFO_free (info);
    }
  else
    {
      sk_PKCS12_SAFEBAG_push (bags, PKCS12_SAFEBAG_create0_p8inf (info));
      safe = PKCS12_pack_p7encdata (NID_aes_256_cbc, "", 0, NULL, 0, 1, bags);
      g_assert_true (X509_ALGOR_copy (safe->d.encrypted->enc_data->algorithm, algorithm));
    }
  sk_PKCS12_SAFEBAG_pop_free (bags, PKCS12_SAFEBAG_free);
  X509_ALGOR_free (algorithm);
  return safe;
}

/* Without a check value it is tried unasked, and would take hours. */
static void
test_pkcs12_costly (Fixture *self, gconstpointer data)
{
  for (int single_key = 0; single_key < 2; single_key++)
    {
      STACK_OF (PKCS7) *safes = sk_PKCS7_new_null ();
      sk_PKCS7_push (safes, make_costly_safe (self, single_key));
      g_autoptr (PKCS12) whole = PKCS12_add_safes (safes, 0);
      g_assert_nonnull (whole);
      sk_PKCS7_pop_free (safes, PKCS7_free);
      unsigned char *der = NULL;
      int size = i2d_PKCS12 (whole, &der);
      g_assert_cmpint (size, >, 0);
      g_autoptr (GBytes) bytes = g_bytes_new (der, (gsize) size);
      OPENSSL_free (der);

      g_autoptr (CwReply) reply = cw_reply_new ();
      cw_reply_add_bytes (reply, bytes, "costly.p12");
      assert_unreadable (reply, CW_ERROR, CW_ERROR_UNSUPPORTED, "so much computing");
    }
}

/* The same is refused from a bundle as from a file of its own. */
static void
test_pkcs12_explicit_curve (Fixture *self, gconstpointer data)
{
  g_autoptr (CwSecret) pass = cw_secret_new ("pass", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwReply) reply = cw_reply_new ();
  run (self, "openssl ecparam -name prime256v1 -genkey -noout -param_enc explicit -out odd.pem");
  run (self, "openssl pkcs12 -export -nocerts -inkey odd.pem -passout pass:pass -out odd.p12");
  add_file (self, reply, "odd.p12");
  g_assert_false (cw_reply_unlock (reply, pass, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED);
  assert_message (error, "spells out its curve");
}

static void
test_locked_keys (Fixture *self, gconstpointer data)
{
  run (self, "openssl pkcs8 -topk8 -in key.pem -passout pass:secret -out p8.pem");
  run (self, "openssl pkcs8 -topk8 -in key.pem -passout pass:secret -outform DER -out p8.der");
  run (self, "openssl ec -aes256 -in key.pem -passout pass:secret -out old.pem");
  static const char *const names[] = { "p8.pem", "p8.der", "old.pem" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CwSecret) wrong = cw_secret_new ("wrong", -1);
      g_autoptr (CwSecret) right = cw_secret_new ("secret", -1);
      g_autoptr (CwReply) reply = cw_reply_new ();
      add_file (self, reply, names[i]);
      assert_kinds (reply, 0, 0, 1, 0);
      g_assert_false (cw_reply_unlock (reply, wrong, NULL, &error));
      g_assert_error (error, CW_ERROR, CW_ERROR_PASSPHRASE_WRONG);
      g_assert_true (cw_reply_unlock (reply, right, NULL, NULL));
      assert_kinds (reply, 0, 1, 0, 0);
      g_assert_cmpstr (cw_key_get_fingerprint (cw_reply_item_get_key (nth (reply, 0))), ==,
                       cw_key_get_fingerprint (self->pki.leaf_key));
    }

  /* One passphrase opens what it opens; the rest stays locked. */
  run (self, "openssl genpkey -algorithm ED25519 -aes256 -pass pass:other -out other.pem");
  g_autoptr (GError) error = NULL;
  g_autoptr (CwSecret) right = cw_secret_new ("secret", -1);
  g_autoptr (CwReply) mixed = cw_reply_new ();
  add_file (self, mixed, "other.pem");
  add_file (self, mixed, "p8.pem");
  g_assert_false (cw_reply_unlock (mixed, right, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_PASSPHRASE_WRONG);
  assert_message (error, "other.pem");
  assert_kinds (mixed, 0, 1, 1, 0);

  /* Headers and all on one line. */
  g_autofree char *path = path_in (self, "old.pem");
  g_autofree char *old = NULL;
  g_assert_true (g_file_get_contents (path, &old, NULL, NULL));
  g_autofree char *one_line = replace (old, "\n", "\\n");
  g_autoptr (CwReply) escaped = cw_reply_new ();
  add_text (escaped, one_line);
  assert_kinds (escaped, 0, 0, 1, 0);
  g_assert_true (cw_reply_unlock (escaped, right, NULL, NULL));
}

static void
test_broken_text (Fixture *self, gconstpointer data)
{
  /* A broken one in the middle does not cost the others. */
  g_auto (GStrv) lines = g_strsplit (self->leaf, "\n", -1);
  lines[2][5] = '*';
  g_autofree char *broken = g_strjoinv ("\n", lines);
  g_autofree char *text = g_strconcat (self->authorities, broken, self->key, NULL);
  g_autoptr (CwReply) reply = cw_reply_new ();
  add_text (reply, text);
  assert_kinds (reply, 2, 1, 0, 1);
  CwReplyItem *item = nth (reply, 2);
  g_assert_error (cw_reply_item_get_error (item), CW_ERROR, CW_ERROR_UNREADABLE);
  assert_message (cw_reply_item_get_error (item), "“*”");
  g_assert_true (
      g_str_has_prefix (cw_reply_item_get_error (item)->message, cw_reply_item_get_source (item)));
  g_assert_cmpstr (cw_reply_item_get_title (item), ==, "Unreadable certificate");

  /* The end line of the first is missing. */
  g_autofree char *open = replace (self->leaf, "-----END CERTIFICATE-----", "");
  g_autofree char *then = g_strconcat (open, self->key, NULL);
  g_autoptr (CwReply) unended = cw_reply_new ();
  add_text (unended, then);
  assert_kinds (unended, 0, 1, 0, 1);
  assert_message (cw_reply_item_get_error (nth (unended, 0)), "END CERTIFICATE");

  /* The middle of two blocks is missing. */
  g_autofree char *crossed = g_strconcat (open, "-----END PRIVATE KEY-----\n", NULL);
  g_autoptr (CwReply) mixed = cw_reply_new ();
  add_text (mixed, crossed);
  assert_unreadable (mixed, CW_ERROR, CW_ERROR_UNREADABLE, "ends as “PRIVATE KEY”");

  /* Lines are missing. */
  g_free (lines[3]);
  lines[3] = g_strdup ("");
  lines[2][5] = 'A';
  g_autofree char *shorter = g_strjoinv ("\n", lines);
  g_autoptr (CwReply) cut = cw_reply_new ();
  add_text (cut, shorter);
  assert_unreadable (cut, CW_ERROR, CW_ERROR_UNREADABLE, "cut off");
}

static void
test_nothing (Fixture *self, gconstpointer data)
{
  static const char *const texts[] = { "Dear Steve, here is nothing.",
                                       "0123456789",
                                       "-----BEGIN",
                                       "-----BEGIN -----",
                                       "BEGIN CERTIFICATE",
                                       "0",
                                       "\x30\x82\x01",
                                       "<html><body>Sign in</body></html>" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (CwReply) reply = cw_reply_new ();
      add_text (reply, texts[i]);
      assert_unreadable (reply, CW_ERROR, CW_ERROR_UNREADABLE, "Pasted text");
    }

  g_autoptr (CwReply) blank = cw_reply_new ();
  add_text (blank, " \r\n\t");
  assert_unreadable (blank, CW_ERROR, CW_ERROR_EMPTY, "nothing");

  /* Any cut and any flipped byte gives an item, and never a crash. */
  gsize size;
  g_autoptr (GRand) random = g_rand_new_with_seed (42);
  const guint8 *der = g_bytes_get_data (cw_certificate_get_der (self->pki.leaf), &size);
  for (guint i = 0; i < 500; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (der, size);
      copy[g_rand_int_range (random, 0, (gint32) size)] = (guint8) g_rand_int (random);
      g_autoptr (GBytes) bytes =
          g_bytes_new (copy, (gsize) g_rand_int_range (random, 0, (gint32) size + 1));
      g_autoptr (CwReply) reply = cw_reply_new ();
      cw_reply_add_bytes (reply, bytes, "rubbish");
      g_assert_cmpuint (count (reply), >, 0);
    }
}

static void
test_files (Fixture *self, gconstpointer data)
{
  g_autofree char *fifo = path_in (self, "pipe");
  g_autofree char *huge = path_in (self, "huge");
  g_autofree char *socket_path = path_in (self, "socket");
  g_autofree char *link = path_in (self, "link");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink ("pipe", link), ==, 0);
  write_file (self, "huge", "x", 1);
  g_assert_cmpint (truncate (huge, 2LL << 30), ==, 0);
  write_file (self, "empty", "", 0);
  write_file (self, "name\nwith break", "", 0);

  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path);
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  close (fd);

  const struct
  {
    const char *name;
    GQuark domain;
    int code;
  } files[] = {
    { "pipe", CW_ERROR, CW_ERROR_NOT_A_FILE },
    { "link", CW_ERROR, CW_ERROR_NOT_A_FILE },
    { "socket", CW_ERROR, CW_ERROR_NOT_A_FILE },
    { "../../dev/zero", CW_ERROR, CW_ERROR_NOT_A_FILE },
    { "huge", CW_ERROR, CW_ERROR_TOO_LARGE },
    { "empty", CW_ERROR, CW_ERROR_EMPTY },
    { "name\nwith break", CW_ERROR, CW_ERROR_EMPTY },
    { "not there", G_IO_ERROR, G_IO_ERROR_NOT_FOUND },
  };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (CwReply) reply = cw_reply_new ();
      if (g_str_has_prefix (files[i].name, "../"))
        {
          g_autoptr (GFile) device = g_file_new_for_path ("/dev/zero");
          cw_reply_add_file (reply, device, NULL);
        }
      else
        add_file (self, reply, files[i].name);
      const char *source = cw_reply_item_get_source (nth (reply, 0));
      assert_unreadable (reply, files[i].domain, files[i].code, source);
      g_assert_cmpstr (source, !=, "");
      g_assert_null (strchr (source, '\n'));
    }
}

static void
test_unreadable_file (Fixture *self, gconstpointer data)
{
  g_autofree char *path = path_in (self, "leaf.pem");
  if (geteuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }
  g_assert_cmpint (chmod (path, 0), ==, 0);
  g_autoptr (CwReply) reply = cw_reply_new ();
  add_file (self, reply, "leaf.pem");
  assert_unreadable (reply, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "leaf.pem");
}

static void
test_unknown_place (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_uri ("nosuch://example.com/reply.pem");
  g_autoptr (CwReply) reply = cw_reply_new ();
  cw_reply_add_file (reply, file, NULL);
  assert_unreadable (reply, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "reply.pem");
}

/* The request of a key that is the person's own, and of one that is not. */
static void
test_explain_request (Fixture *self, gconstpointer data)
{
  const char *const own[] = { "0", cw_key_get_fingerprint (self->pki.leaf_key), NULL };
  const char *const other[] = { cw_key_get_fingerprint (self->pki.middle_key), NULL };
  g_autoptr (CwRequest) request = cw_request_new ();
  g_autoptr (CwReply) reply = cw_reply_new ();
  cw_subject_append (cw_request_get_subject (request), "CN", "Steve");
  g_autoptr (GBytes) csr = cw_request_create_csr (request, self->pki.leaf_key, NULL);
  g_assert_nonnull (csr);

  g_assert_null (cw_reply_explain_request (reply, own));
  cw_reply_add_bytes (reply, csr, "steve.csr");
  g_assert_nonnull (cw_reply_explain_request (reply, own));
  g_assert_null (cw_reply_explain_request (reply, other));
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_autofree char *path = path_in (self, "leaf.pem");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (CwReply) reply = cw_reply_new ();
  cw_reply_add_file (reply, file, cancellable);
  g_assert_cmpuint (count (reply), ==, 0);
}

/* Many beginnings and no end, and many certificates: neither may take for ever. */
static void
test_large (Fixture *self, gconstpointer data)
{
  GString *text = g_string_new (NULL);
  while (text->len < 1024 * 1024)
    g_string_append (text, "-----BEGIN CERTIFICATE-----\nMIIB\n");
  g_string_append (text, "-----END CERTIFICATE-----\n");
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (text);
  g_autoptr (CwReply) reply = cw_reply_new ();
  cw_reply_add_bytes (reply, bytes, "beginnings");
  /* Summed up: nobody reads tens of thousands of lines, and they would fill the memory. */
  g_assert_cmpuint (count_kind (reply, CW_REPLY_KIND_UNREADABLE), ==, 500);
  g_assert_cmpuint (count (reply), ==, 501);
  const char *sum = cw_reply_item_get_title (nth (reply, 500));
  g_assert_nonnull (strstr (sum, "more pieces that are of no use"));

  /* Each line could be one, and none is long enough to be anything; each END has dashes to walk. */
  GString *bare = g_string_new (NULL);
  while (bare->len < 1024 * 1024)
    g_string_append (bare, "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n");
  g_autoptr (GBytes) bare_bytes = g_string_free_to_bytes (bare);
  g_autoptr (CwReply) bare_reply = cw_reply_new ();
  cw_reply_add_bytes (bare_reply, bare_bytes, "bare");
  g_assert_cmpuint (count (bare_reply), ==, 1); /* the same key over and over */
  GString *dashes = g_string_new (NULL);
  while (dashes->len < 128 * 1024)
    g_string_append (dashes, "-----BEGIN A-----\n");
  g_string_append (dashes, "-----END A");
  for (guint i = 0; i < 1024 * 1024; i++)
    g_string_append_c (dashes, '-');
  g_autoptr (GBytes) dash_bytes = g_string_free_to_bytes (dashes);
  g_autoptr (CwReply) dash_reply = cw_reply_new ();
  cw_reply_add_bytes (dash_reply, dash_bytes, "dashes");
  g_assert_cmpuint (count (dash_reply), ==, 501);

  GString *words = g_string_new (NULL);
  while (words->len < 1024 * 1024)
    g_string_append (words, "BEGIN words -- END words --\n");
  g_string_append (words, self->leaf);
  g_autoptr (GBytes) prose = g_string_free_to_bytes (words);
  g_autoptr (CwReply) found = cw_reply_new ();
  cw_reply_add_bytes (found, prose, "words");
  assert_kinds (found, 1, 0, 0, 0);
}

static void
count_changes_cb (GListModel *model, guint position, guint removed, guint added, guint *n)
{
  *n = *n - removed + added;
}

static void
test_model (Fixture *self, gconstpointer data)
{
  guint n = 0;
  g_autoptr (CwReply) reply = cw_reply_new ();
  g_signal_connect (reply, "items-changed", G_CALLBACK (count_changes_cb), &n);
  run (self, MAKE_PKCS12 PASS "-out new.p12");
  add_file (self, reply, "new.p12");
  g_assert_cmpuint (n, ==, 1);
  add_file (self, reply, "ca.pem");
  g_assert_cmpuint (n, ==, 3);
  g_autoptr (CwSecret) right = cw_secret_new ("steve’s pass", -1);
  g_assert_true (cw_reply_unlock (reply, right, NULL, NULL));
  g_assert_cmpuint (n, ==, count (reply));
  assert_kinds (reply, 3, 1, 0, 0);

  g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), 0);
  g_assert_finalize_object (g_steal_pointer (&reply));
  g_assert_finalize_object (g_steal_pointer (&item));
}

#define ADD(path, function) g_test_add ("/reply/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("roles", test_roles);
  ADD ("single-file", test_single_file);
  ADD ("forms", test_forms);
  ADD ("labels", test_labels);
  ADD ("others", test_others);
  ADD ("der", test_der);
  ADD ("bare-base64", test_bare_base64);
  ADD ("request", test_request);
  ADD ("pkcs7", test_pkcs7);
  ADD ("pkcs12", test_pkcs12);
  ADD ("beside-armour", test_beside_armour);
  ADD ("passphrase-remembered", test_passphrase_remembered);
  ADD ("crl", test_crl);
  ADD ("pkcs12-open", test_pkcs12_open);
  ADD ("pkcs12-damaged", test_pkcs12_damaged);
  ADD ("pkcs12-unknown-cipher", test_pkcs12_unknown_cipher);
  ADD ("pkcs12-hopeless", test_pkcs12_hopeless);
  ADD ("pkcs12-costly", test_pkcs12_costly);
  ADD ("pkcs12-explicit-curve", test_pkcs12_explicit_curve);
  ADD ("locked-keys", test_locked_keys);
  ADD ("broken-text", test_broken_text);
  ADD ("nothing", test_nothing);
  ADD ("files", test_files);
  ADD ("unreadable-file", test_unreadable_file);
  ADD ("unknown-place", test_unknown_place);
  ADD ("explain-request", test_explain_request);
  ADD ("cancelled", test_cancelled);
  ADD ("large", test_large);
  ADD ("model", test_model);
  return g_test_run ();
}
