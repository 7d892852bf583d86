/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>

#include "cw-error.h"
#include "cw-reply.h"
#include "pki.h"

typedef struct
{
  Pki pki;
  char *leaf;
  char *middle;
  char *folder;
} Fixture;

/* A file to be packed; the last has no name. */
typedef struct
{
  const char *name;
  const char *content;
  gsize size; /* 0 for that of a text */
} Part;

static void
set_up (Fixture *self, gconstpointer data)
{
  pki_init (&self->pki);
  self->leaf = cw_certificate_to_pem (self->pki.leaf);
  self->middle = cw_certificate_to_pem (self->pki.middle);
  self->folder = g_dir_make_tmp ("cw-archive-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->leaf);
  g_free (self->middle);
  pki_clear (&self->pki);
}

static void
write_part (struct archive *archive, const Part *part)
{
  gsize size = part->size > 0 ? part->size : strlen (part->content);
  struct archive_entry *entry = archive_entry_new ();
  archive_entry_set_pathname (entry, part->name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t) size);
  g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_data (archive, part->content, size), ==, (la_ssize_t) size);
  archive_entry_free (entry);
}

/* @options: (nullable): libarchive's, as "zip:encryption=aes256" */
static GBytes *
pack (const char *format, const char *options, const Part *parts)
{
  gsize capacity = 16 * 1024 * 1024, size = 0;
  g_autofree guint8 *data = g_malloc (capacity);
  struct archive *archive = archive_write_new ();
  if (g_str_equal (format, "zip"))
    archive_write_set_format_zip (archive);
  else
    archive_write_set_format_ustar (archive);
  if (g_str_equal (format, "tar.gz"))
    archive_write_add_filter_gzip (archive);
  if (options != NULL)
    {
      g_assert_cmpint (archive_write_set_options (archive, options), ==, ARCHIVE_OK);
      archive_write_set_passphrase (archive, "secret");
    }
  g_assert_cmpint (archive_write_open_memory (archive, data, capacity, &size), ==, ARCHIVE_OK);
  for (; parts->name != NULL; parts++)
    write_part (archive, parts);
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  archive_write_free (archive);
  return g_bytes_new (data, size);
}

static CwReply *
read_bytes (GBytes *bytes, const char *name)
{
  CwReply *reply = cw_reply_new ();
  cw_reply_add_bytes (reply, bytes, name);
  return reply;
}

static CwReplyItem *
nth (CwReply *reply, guint i)
{
  g_autoptr (CwReplyItem) item = g_list_model_get_item (G_LIST_MODEL (reply), i);
  g_assert_nonnull (item);
  return item; /* the list keeps it */
}

/* One letter for each item: Certificate, Key, Request, cRl, Locked, Other, Unreadable. */
static char *
kinds_of (CwReply *reply)
{
  GString *kinds = g_string_new (NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (reply)); i++)
    {
      CwReplyItem *item = nth (reply, i);
      const GError *error = cw_reply_item_get_error (item);
      g_test_message ("%s | %s | %s", cw_reply_item_get_source (item),
                      cw_reply_item_get_title (item), error != NULL ? error->message : "");
      g_string_append_c (kinds, "CKRXLOU"[cw_reply_item_get_kind (item)]);
    }
  return g_string_free (kinds, FALSE);
}

static void
assert_kinds (CwReply *reply, const char *expected)
{
  g_autofree char *kinds = kinds_of (reply);
  g_assert_cmpstr (kinds, ==, expected);
}

static void
assert_error (CwReplyItem *item, int code, const char *part)
{
  const GError *error = cw_reply_item_get_error (item);
  g_assert_error (error, CW_ERROR, code);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_zip (Fixture *self, gconstpointer data)
{
  gsize size;
  const char *der = g_bytes_get_data (cw_certificate_get_der (self->pki.root), &size);
  const Part parts[] = {
    { "README.txt", "Thank you for your order.", 0 },
    { "order 42/client.crt", self->leaf, 0 },
    { "order 42/root.cer", der, size },
    { "__MACOSX/order 42/._client.crt", self->middle, 0 },
    { "order 42/.hidden.pem", self->middle, 0 },
    { "chain\nwith break.pem", self->middle, 0 },
    { NULL },
  };
  static const char *const formats[] = { "zip", "tar", "tar.gz" };
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GBytes) bytes = pack (formats[i], NULL, parts);
      g_autoptr (CwReply) reply = read_bytes (bytes, "reply");
      assert_kinds (reply, "CCCO");
      g_assert_cmpstr (cw_reply_item_get_source (nth (reply, 0)), ==,
                       "reply/order 42/client.crt, line 1");
      g_assert_cmpstr (cw_reply_item_get_file (nth (reply, 1)), ==, "reply/order 42/root.cer");
      g_assert_cmpuint (cw_reply_item_get_line (nth (reply, 1)), ==, 0);
      g_assert_null (strchr (cw_reply_item_get_source (nth (reply, 2)), '\n'));
      g_assert_cmpstr (cw_reply_item_get_source (nth (reply, 3)), ==, "reply");
    }
}

static void
test_damaged_part (Fixture *self, gconstpointer data)
{
  /* What cannot be read is named, and the rest is used. */
  g_autofree char *cut = g_strndup (self->middle, strlen (self->middle) / 2);
  g_autoptr (GBytes) bytes =
      pack ("zip", NULL, (Part[]){ { "a.pem", cut, 0 }, { "b.pem", self->leaf, 0 }, { NULL } });
  g_autoptr (CwReply) reply = read_bytes (bytes, "reply.zip");
  assert_kinds (reply, "UC");
  assert_error (nth (reply, 0), CW_ERROR_UNREADABLE, "reply.zip/a.pem, line 1: ");

  /* An archive that ends in the middle: what came before is used. */
  gsize size;
  const guint8 *data_of_tar = NULL;
  g_autoptr (GBytes) tar = pack (
      "tar", NULL, (Part[]){ { "a.pem", self->middle, 0 }, { "b.pem", self->leaf, 0 }, { NULL } });
  data_of_tar = g_bytes_get_data (tar, &size);
  g_autoptr (GBytes) short_tar = g_bytes_new (data_of_tar, 512 + 1024 + 512 + 100);
  g_autoptr (CwReply) short_reply = read_bytes (short_tar, "reply.tar");
  assert_kinds (short_reply, "CU");
  assert_error (nth (short_reply, 1), CW_ERROR_UNREADABLE,
                "reply.tar/b.pem: The archive is damaged");
}

static void
test_encrypted (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes =
      pack ("zip", "zip:encryption=aes256", (Part[]){ { "a.pem", self->leaf, 0 }, { NULL } });
  g_autoptr (CwReply) reply = read_bytes (bytes, "reply.zip");
  assert_kinds (reply, "U");
  assert_error (nth (reply, 0), CW_ERROR_UNSUPPORTED, "reply.zip/a.pem: It is encrypted");
}

static void
test_limits (Fixture *self, gconstpointer data)
{
  /* Small when packed, and more than the memory should take when not. */
  const gsize size = 65 * 1024 * 1024;
  g_autofree char *zeros = g_malloc0 (size);
  g_autoptr (GBytes) bomb = pack (
      "zip", NULL, (Part[]){ { "a.pem", self->leaf, 0 }, { "b.pem", zeros, size }, { NULL } });
  g_assert_cmpuint (g_bytes_get_size (bomb), <, 1024 * 1024);
  g_autoptr (CwReply) reply = read_bytes (bomb, "bomb.zip");
  assert_kinds (reply, "CU");
  assert_error (nth (reply, 1), CW_ERROR_TOO_LARGE, "bomb.zip: ");

  g_autofree Part *many = g_new0 (Part, 1101);
  for (guint i = 0; i < 1100; i++)
    many[i] = (Part){ .name = i == 0 ? "0.pem" : "x", .content = i == 0 ? self->leaf : "nothing" };
  g_autoptr (GBytes) crowd = pack ("zip", NULL, many);
  g_autoptr (CwReply) crowded = read_bytes (crowd, "crowd.zip");
  assert_kinds (crowded, "COU");
  g_assert_nonnull (strstr (cw_reply_item_get_title (nth (crowded, 1)), "999 files"));
  assert_error (nth (crowded, 2), CW_ERROR_TOO_LARGE, "1000 files");
}

/* @part in archives in archives. */
static GBytes *
nest (const Part *part, guint n)
{
  GBytes *bytes = pack ("zip", NULL, (Part[]){ *part, { NULL } });
  for (guint i = 1; i < n; i++)
    {
      gsize size;
      g_autoptr (GBytes) inner = bytes;
      const char *content = g_bytes_get_data (inner, &size);
      bytes = pack ("zip", NULL, (Part[]){ { "inner.zip", content, size }, { NULL } });
    }
  return bytes;
}

static void
test_nested (Fixture *self, gconstpointer data)
{
  const Part part = { "a.pem", self->leaf, 0 };
  for (guint n = 1; n <= 3; n++)
    {
      g_autoptr (GBytes) bytes = nest (&part, n);
      g_autoptr (CwReply) reply = read_bytes (bytes, "reply.zip");
      assert_kinds (reply, "C");
    }
  g_autoptr (GBytes) deep = nest (&part, 4);
  g_autoptr (CwReply) reply = read_bytes (deep, "reply.zip");
  assert_kinds (reply, "U");
  assert_error (nth (reply, 0), CW_ERROR_UNSUPPORTED, "archive in an archive");
}

static void
test_layers (Fixture *self, gconstpointer data)
{
  /* A Kubernetes secret: PEM in base64; and an attachment of a mail: a ZIP file in base64. */
  g_autofree char *leaf = g_base64_encode ((const guchar *) self->leaf, strlen (self->leaf));
  g_autofree char *middle = g_base64_encode ((const guchar *) self->middle, strlen (self->middle));
  g_autofree char *secret =
      g_strconcat ("data:\n  tls.crt: ", leaf, "\n  ca.crt: ", middle, "\nkind: Secret\n", NULL);
  g_autoptr (GBytes) secret_bytes = g_bytes_new (secret, strlen (secret));
  g_autoptr (CwReply) reply = read_bytes (secret_bytes, "secret.yaml");
  assert_kinds (reply, "CC");
  g_assert_cmpstr (cw_reply_item_get_source (nth (reply, 1)), ==, "secret.yaml, line 3, line 1");

  g_autoptr (GBytes) zip = pack ("zip", NULL, (Part[]){ { "a.pem", self->leaf, 0 }, { NULL } });
  gsize size;
  const guchar *zip_data = g_bytes_get_data (zip, &size);
  g_autofree char *encoded = g_base64_encode (zip_data, size);
  g_autofree char *mail = g_strconcat ("From: ca@example.com\nMIME-Version: 1.0\n\n", encoded,
                                       "\n--boundary--\n", NULL);
  g_autoptr (GBytes) mail_bytes = g_bytes_new (mail, strlen (mail));
  g_autoptr (CwReply) attached = read_bytes (mail_bytes, "reply.eml");
  assert_kinds (attached, "C");

  /* Metadata has DER in base64, one element after the other. */
  gsize der_size;
  const guchar *der = g_bytes_get_data (cw_certificate_get_der (self->pki.leaf), &der_size);
  g_autofree char *bare = g_base64_encode (der, der_size);
  /* Also where no padding ends the first: its length is not the same each time. */
  while (g_str_has_suffix (bare, "="))
    bare[strlen (bare) - 1] = '\0';
  der = g_bytes_get_data (cw_certificate_get_der (self->pki.root), &der_size);
  g_autofree char *other = g_base64_encode (der, der_size);
  g_autofree char *xml = g_strconcat ("<a>\n<X509Certificate>", bare, "</X509Certificate>\n<b/>",
                                      "<X509Certificate>", other, "</X509Certificate></a>", NULL);
  g_autoptr (GBytes) xml_bytes = g_bytes_new (xml, strlen (xml));
  g_autoptr (CwReply) metadata = read_bytes (xml_bytes, "metadata.xml");
  assert_kinds (metadata, "CC");
  g_assert_cmpuint (cw_reply_item_get_line (nth (metadata, 1)), ==, 3);
}

static void
write_file (Fixture *self, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (self->folder, path, NULL);
  g_autofree char *parent = g_path_get_dirname (full);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (full, text, -1, NULL));
}

static void
test_folder (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) folder = g_file_new_for_path (self->folder);
  g_autofree char *name = g_file_get_basename (folder);

  g_autoptr (CwReply) empty = cw_reply_new ();
  cw_reply_add_file (empty, folder, NULL);
  assert_kinds (empty, "U");
  assert_error (nth (empty, 0), CW_ERROR_EMPTY, name);

  write_file (self, "b/leaf.pem", self->leaf);
  write_file (self, "a.pem", self->middle);
  write_file (self, "notes.txt", "Nothing");
  write_file (self, ".git/hidden.pem", self->leaf);
  g_autofree char *loop = g_build_filename (self->folder, "b", "loop", NULL);
  g_assert_cmpint (symlink ("..", loop), ==, 0);
  g_autofree char *link = g_build_filename (self->folder, "c.pem", NULL);
  g_assert_cmpint (symlink ("a.pem", link), ==, 0);

  g_autoptr (CwReply) reply = cw_reply_new ();
  cw_reply_add_file (reply, folder, NULL);
  assert_kinds (reply, "CCO");
  g_autofree char *source = g_strconcat (name, "/b/leaf.pem, line 1", NULL);
  g_assert_cmpstr (cw_reply_item_get_source (nth (reply, 1)), ==, source);
}

static void
test_crowded_folder (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 1010; i++)
    {
      g_autofree char *name = g_strdup_printf ("%04u", i);
      write_file (self, name, "Nothing");
    }
  g_autoptr (GFile) folder = g_file_new_for_path (self->folder);
  g_autoptr (CwReply) reply = cw_reply_new ();
  cw_reply_add_file (reply, folder, NULL);
  assert_kinds (reply, "OU");
  assert_error (nth (reply, 1), CW_ERROR_TOO_LARGE, "1000 files");
}

static void
test_descriptor (Fixture *self, gconstpointer data)
{
  int ends[2];
  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (write (ends[1], self->leaf, strlen (self->leaf)), ==,
                   (gssize) strlen (self->leaf));
  close (ends[1]);
  g_autoptr (CwReply) reply = cw_reply_new ();
  cw_reply_add_fd (reply, ends[0], "Standard input", NULL);
  assert_kinds (reply, "C");
  g_assert_cmpstr (cw_reply_item_get_source (nth (reply, 0)), ==, "Standard input, line 1");

  /* It is at its end now. */
  g_autoptr (CwReply) ended = cw_reply_new ();
  cw_reply_add_fd (ended, ends[0], "Standard input", NULL);
  assert_kinds (ended, "U");
  assert_error (nth (ended, 0), CW_ERROR_EMPTY, "Standard input");
  close (ends[0]);
}

static void
test_strangers (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *content;
    gsize size;
    const char *word;
  } strangers[] = {
    { "%PDF-1.7 ...", 12, "PDF" },        { "\xfe\xed\xfe\xed\0\0\0\2", 8, "keytool" },
    { "7z\xbc\xaf\x27\x1c", 6, "7-Zip" }, { "\n<!DOCTYPE HTML><p>Log in", 25, "web page" },
    { "\x89PNG\r\n", 6, "picture" },      { "PK\3\4 and no more", 15, "archive is damaged" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (strangers[i].content, strangers[i].size);
      g_autoptr (CwReply) reply = read_bytes (bytes, "client.crt");
      assert_kinds (reply, "U");
      assert_error (nth (reply, 0), CW_ERROR_UNREADABLE, strangers[i].word);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/archive/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("zip", test_zip);
  ADD ("damaged-part", test_damaged_part);
  ADD ("encrypted", test_encrypted);
  ADD ("limits", test_limits);
  ADD ("nested", test_nested);
  ADD ("layers", test_layers);
  ADD ("folder", test_folder);
  ADD ("crowded-folder", test_crowded_folder);
  ADD ("descriptor", test_descriptor);
  ADD ("strangers", test_strangers);
  return g_test_run ();
}
