/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>

#include "cw-archive.h"
#include "cw-bundle.h"
#include "cw-der.h"
#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-pem.h"
#include "cw-reply-file.h"
#include "cw-reply-reader.h"
#include "cw-request.h"
#include "cw-text.h"
#include "cw-wiped-buffer.h"

#define MAX_DEPTH          3
#define MAX_USELESS_PIECES 500 /* that are listed one by one */

static void
take (CwReplyReader *self, CwReplyItem *item)
{
  GBytes *content = cw_reply_item_get_content (item);
  self->n_found++;
  if (content != NULL && !g_hash_table_add (self->known, content))
    g_object_unref (item);
  else
    g_ptr_array_add (self->items, item);
}

/* What is recognised and of no use here, by what stands in its armour. */
static const struct
{
  const char *label;
  const char *title;
} others[] = {
  { "PUBLIC KEY", N_ ("Public key") },
  { "RSA PUBLIC KEY", N_ ("Public key") },
  { "EC PARAMETERS", N_ ("Parameters of a key") },
  { "DSA PARAMETERS", N_ ("Parameters of a key") },
  { "DH PARAMETERS", N_ ("Parameters of a key exchange") },
  { "X9.42 DH PARAMETERS", N_ ("Parameters of a key exchange") },
  { "OPENSSH PRIVATE KEY", N_ ("SSH key, not a key for certificates") },
  { "SSH2 PUBLIC KEY", N_ ("SSH key, not a key for certificates") },
  { "ATTRIBUTE CERTIFICATE", N_ ("Attribute certificate") },
  { "PGP MESSAGE", N_ ("PGP message") },
  { "PGP SIGNATURE", N_ ("PGP signature") },
  { "PGP SIGNED MESSAGE", N_ ("PGP message") },
  { "PGP PUBLIC KEY BLOCK", N_ ("PGP key") },
  { "PGP PRIVATE KEY BLOCK", N_ ("PGP key") },
};

static const char *
find_other_title (const char *label)
{
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_equal (label, others[i].label))
      return _ (others[i].title);
  return NULL;
}

static const char *
get_unreadable_title (const char *label)
{
  if (label == NULL)
    return _ ("Unreadable");
  if (g_str_has_suffix (label, "REQUEST"))
    return _ ("Unreadable request");
  if (g_str_has_suffix (label, "CERTIFICATE"))
    return _ ("Unreadable certificate");
  if (g_str_has_suffix (label, "PRIVATE KEY"))
    return _ ("Unreadable private key");
  return _ ("Unreadable");
}

/* A file that was made to keep us busy is not listed line by line. */
static gboolean
has_room (CwReplyReader *self)
{
  if (++self->n_useless_pieces <= MAX_USELESS_PIECES)
    return TRUE;
  self->n_found++;
  return FALSE;
}

static void
add_other (CwReplyReader *self, const char *title, const CwReplyPlace *place)
{
  if (has_room (self))
    take (self, cw_reply_item_new_other (title, place));
}

/* Takes the error. */
static void
add_unreadable (CwReplyReader *self, const char *label, const CwReplyPlace *place, GError *error)
{
  if (!has_room (self))
    {
      g_error_free (error);
      return;
    }
  take (self, cw_reply_item_new_unreadable (get_unreadable_title (label), place, error));
}

static void
add_certificate (CwReplyReader *self, GBytes *der, const CwReplyPlace *place)
{
  GError *error = NULL;
  g_autoptr (CwCertificate) certificate = cw_certificate_new_from_der (der, &error);
  if (certificate != NULL)
    take (self, cw_reply_item_new_certificate (certificate, place));
  else
    add_unreadable (self, PEM_STRING_X509, place, error);
}

static void
add_request (CwReplyReader *self, GBytes *der, const CwReplyPlace *place)
{
  GError *error = NULL;
  g_autoptr (CwRequest) request = cw_request_new_from_csr (der, &error);
  if (request == NULL)
    {
      add_unreadable (self, PEM_STRING_X509_REQ, place, error);
      return;
    }
  g_autofree char *name = cw_subject_get_title (cw_request_get_subject (request));
  g_autofree char *shown = cw_text_clean (name);
  g_autofree char *title = NULL;
  if (*shown != '\0')
    /* Translators: %s is whom the request is for */
    title = g_strdup_printf (_ ("Request for “%s”"), shown);
  else
    title = g_strdup (_ ("Request"));
  take (self, cw_reply_item_new_request (der, title, place));
}

static gboolean
is_request (const guint8 *data, gsize size)
{
  ERR_clear_error ();
  g_autoptr (X509_REQ) request = d2i_X509_REQ (NULL, &data, (long) size);
  ERR_clear_error ();
  return request != NULL;
}

static gboolean
add_crl (CwReplyReader *self, GBytes *der, const CwReplyPlace *place)
{
  g_autoptr (CwCrl) crl = cw_crl_new_from_der (der, NULL);
  if (crl != NULL)
    take (self, cw_reply_item_new_crl (crl, place));
  return crl != NULL;
}

/* Certificate, request and CRL look alike from outside. */
static void
add_signed (CwReplyReader *self, GBytes *der, const char *label, const CwReplyPlace *place)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  g_autoptr (GError) why = NULL;
  g_autoptr (CwCertificate) certificate = cw_certificate_new_from_der (der, &why);
  if (certificate != NULL)
    take (self, cw_reply_item_new_certificate (certificate, place));
  else if (is_request (data, size))
    add_request (self, der, place);
  else if (add_crl (self, der, place))
    return;
  else if (label != NULL && g_str_has_suffix (label, "REQUEST"))
    add_request (self, der, place);
  else
    add_unreadable (self, label != NULL ? label : PEM_STRING_X509, place, g_steal_pointer (&why));
}

/* Takes both. A passphrase that was given before is tried at once. */
static void
take_locked (CwReplyReader *self, CwReplyItem *item, GError *error)
{
  g_autoptr (GError) needed = error;
  g_autoptr (CwReplyItem) locked = item;
  g_autoptr (GError) why = NULL;
  if (self->passphrase != NULL && cw_reply_reader_unlock (self, locked, self->passphrase, &why))
    return;
  if (why != NULL && !g_error_matches (why, CW_ERROR, CW_ERROR_PASSPHRASE_WRONG))
    {
      const CwReplyPlace place = cw_reply_item_get_place (locked);
      add_unreadable (self, NULL, &place, g_steal_pointer (&why));
      return;
    }
  cw_reply_item_take_error (locked, g_steal_pointer (&needed));
  take (self, g_steal_pointer (&locked));
}

static void
add_key_pem (CwReplyReader *self, CwSecret *pem, const CwReplyPlace *place)
{
  GError *error = NULL;
  g_autoptr (CwKey) key = cw_key_new_from_pem (pem, NULL, &error);
  if (key == NULL && g_error_matches (error, CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED))
    {
      /* easy-rsa encrypts with the empty passphrase when it is told to use none. */
      g_autoptr (CwSecret) empty = cw_secret_new ("", 0);
      key = cw_key_new_from_pem (pem, empty, NULL);
    }
  if (key != NULL)
    {
      g_clear_error (&error);
      take (self, cw_reply_item_new_key (key, place));
    }
  else if (g_error_matches (error, CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED))
    take_locked (self, cw_reply_item_new_locked (pem, NULL, place), error);
  else
    add_unreadable (self, PEM_STRING_PKCS8INF, place, error);
}

static void
add_key (CwReplyReader *self,
         const char *label,
         const char *cipher,
         GBytes *der,
         const CwReplyPlace *place)
{
  g_autoptr (CwSecret) pem = cw_pem_encode_key (label, cipher, der);
  add_key_pem (self, pem, place);
}

/* How it was opened, where that is worth a word; (transfer full) (nullable). */
static char *
make_remark (CwBundle *bundle)
{
  const char *old =
      _ ("Its file is encrypted with an old cipher (RC2, DES or 3DES) that new programs "
         "may refuse. It was read all the same.");
  const char *open =
      _ ("Its file has no check value (MAC), so nobody can tell whether it was changed.");
  if (bundle->old_cipher && bundle->no_mac)
    return cw_text_join_sentences (old, open);
  return bundle->old_cipher ? g_strdup (old) : bundle->no_mac ? g_strdup (open) : NULL;
}

static void
add_bundle (CwReplyReader *self, CwBundle *bundle, const CwReplyPlace *where)
{
  CwReplyPlace marked = *where;
  const CwReplyPlace *place = &marked;
  g_autofree char *remark = make_remark (bundle);
  marked.remark = remark;
  for (guint i = 0; i < bundle->keys->len; i++)
    take (self, cw_reply_item_new_key (g_ptr_array_index (bundle->keys, i), place));
  for (guint i = 0; i < bundle->certificates->len; i++)
    add_certificate (self, g_ptr_array_index (bundle->certificates, i), place);
  for (guint i = 0; i < bundle->crls->len; i++)
    add_crl (self, g_ptr_array_index (bundle->crls, i), place);
}

static void
add_pkcs7 (CwReplyReader *self, GBytes *der, const CwReplyPlace *place)
{
  GError *error = NULL;
  g_autoptr (CwBundle) bundle = cw_bundle_new_from_pkcs7 (der, &error);
  if (bundle != NULL)
    add_bundle (self, bundle, place);
  else
    add_unreadable (self, NULL, place, error);
}

static void
add_pkcs12 (CwReplyReader *self, GBytes *der, const CwReplyPlace *place)
{
  GError *error = NULL;
  g_autoptr (CwBundle) bundle = cw_bundle_new_from_pkcs12 (der, NULL, &error);
  if (bundle != NULL)
    add_bundle (self, bundle, place);
  else if (g_error_matches (error, CW_ERROR, CW_ERROR_PASSPHRASE_NEEDED))
    {
      take_locked (self, cw_reply_item_new_locked (NULL, der, place), error);
    }
  else
    add_unreadable (self, NULL, place, error);
}

static void
add_unknown (CwReplyReader *self, const char *label, const CwReplyPlace *place)
{
  if (label == NULL)
    {
      add_unreadable (self, NULL, place,
                      g_error_new_literal (CW_ERROR, CW_ERROR_UNREADABLE,
                                           _ ("This is not a certificate, a request or a key.")));
      return;
    }
  g_autofree char *shown = cw_text_clean (label);
  /* Translators: %s is what stands in the first line of a block of PEM */
  g_autofree char *title = g_strdup_printf (_ ("Something unknown (“%s”)"), shown);
  add_other (self, title, place);
}

/* One element of DER, by its shape; what its armour called it only helps with the words. */
static void
add_der (CwReplyReader *self, GBytes *der, const char *label, const CwReplyPlace *place)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  switch (cw_der_sniff (data, size))
    {
    case CW_DER_SIGNED:
      add_signed (self, der, label, place);
      break;
    case CW_DER_PKCS7:
      add_pkcs7 (self, der, place);
      break;
    case CW_DER_PKCS12:
      add_pkcs12 (self, der, place);
      break;
    case CW_DER_KEY_PKCS8:
      add_key (self, PEM_STRING_PKCS8INF, NULL, der, place);
      break;
    case CW_DER_KEY_ENCRYPTED:
      add_key (self, PEM_STRING_PKCS8, NULL, der, place);
      break;
    case CW_DER_KEY_PKCS1:
      add_key (self, PEM_STRING_RSA, NULL, der, place);
      break;
    case CW_DER_KEY_DSA:
      add_key (self, PEM_STRING_DSA, NULL, der, place);
      break;
    case CW_DER_KEY_SEC1:
      add_key (self, PEM_STRING_ECPRIVATEKEY, NULL, der, place);
      break;
    case CW_DER_PUBLIC_KEY:
      add_other (self, _ ("Public key"), place);
      break;
    case CW_DER_UNKNOWN:
    default:
      add_unknown (self, label, place);
      break;
    }
}

/* Damaged base64 within a known armour: it claims to be something, so say so. */
static gboolean
is_cut_off (GBytes *der, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  gsize claimed = cw_der_measure (data, size);
  if (claimed <= size)
    return FALSE;
  g_set_error (
      error, CW_ERROR, CW_ERROR_UNREADABLE,
      /* Translators: how much is there, and how much there should be */
      ngettext ("It is cut off: %1$zu byte of %2$zu is there. Copy or save it again, whole.",
                "It is cut off: %1$zu bytes of %2$zu are there. Copy or save it again, whole.",
                size),
      size, claimed);
  return TRUE;
}

static void
add_armoured (CwReplyReader *self, const char *label, GBytes *der, const CwReplyPlace *place)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  GError *error = NULL;
  if (is_cut_off (der, &error))
    add_unreadable (self, label, place, error);
  else if (cw_der_sniff (data, size) == CW_DER_UNKNOWN &&
           !g_str_equal (get_unreadable_title (label), get_unreadable_title (NULL)))
    add_unreadable (self, label, place,
                    g_error_new_literal (CW_ERROR, CW_ERROR_UNREADABLE,
                                         _ ("Its content is damaged. Copy it again, whole.")));
  else if (g_str_equal (label, PEM_STRING_X509_TRUSTED))
    {
      /* OpenSSL's trust settings come after the certificate. */
      g_autoptr (GBytes) first =
          g_bytes_new_from_bytes (der, 0, MIN (cw_der_measure (data, size), size));
      add_der (self, first, label, place);
    }
  else
    add_der (self, der, label, place);
}

static void
add_block (CwReplyReader *self, CwPemBlock *block, const char *name)
{
  const CwReplyPlace here = { .file = name,
                              .line = block->line,
                              .offset = (goffset) block->offset };
  const char *other = find_other_title (block->label);
  if (other != NULL)
    add_other (self, other, &here);
  else if (block->error != NULL)
    add_unreadable (self, block->label, &here, g_steal_pointer (&block->error));
  else if (block->cipher != NULL)
    add_key (self, block->label, block->cipher, block->der, &here);
  else
    add_armoured (self, block->label, block->der, &here);
}

static gboolean
is_blank (const guint8 *data, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (data[i] != '\0' && !g_ascii_isspace ((char) data[i]))
      return FALSE;
  return TRUE;
}

/* Text may begin with "0" too, but then its length does not fit. */
static gboolean
is_binary_der (const guint8 *data, gsize size)
{
  gsize claimed = cw_der_measure (data, size);
  if (claimed == 0)
    return FALSE;
  return cw_der_sniff (data, size) != CW_DER_UNKNOWN && ((data[1] & 0x80) != 0 || claimed <= size);
}

static void
add_binary (CwReplyReader *self, GBytes *bytes, const char *name)
{
  gsize size, offset = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  while (offset < size && !is_blank (data + offset, size - offset) &&
         !g_cancellable_is_cancelled (self->cancellable))
    {
      GError *error = NULL;
      const CwReplyPlace place = { .file = name, .offset = (goffset) offset };
      g_autoptr (GBytes) rest = g_bytes_new_from_bytes (bytes, offset, size - offset);
      gsize claimed = cw_der_measure (data + offset, size - offset);
      if (claimed > size - offset && is_cut_off (rest, &error))
        add_unreadable (self, NULL, &place, error);
      else if (claimed == 0)
        add_unreadable (self, NULL, &place,
                        g_error_new_literal (CW_ERROR, CW_ERROR_UNREADABLE,
                                             _ ("It is followed by something that cannot be "
                                                "read.")));
      else
        {
          g_autoptr (GBytes) der = g_bytes_new_from_bytes (bytes, offset, claimed);
          add_der (self, der, NULL, &place);
          offset += claimed;
          continue;
        }
      return;
    }
}

static gboolean
is_utf16 (const guint8 *data, gsize size, gboolean *big_endian)
{
  if (size < 4)
    return FALSE;
  *big_endian = (data[0] == 0xfe && data[1] == 0xff) || (data[0] == 0 && data[2] == 0);
  return *big_endian || (data[0] == 0xff && data[1] == 0xfe) ||
         (data[1] == 0 && data[3] == 0 && data[0] != 0);
}

/* PEM is ASCII: whatever else is between it need not survive. */
static GBytes *
narrow_utf16 (const guint8 *data, gsize size, gboolean big_endian)
{
  gsize length = size / 2;
  guint8 *text = g_malloc (length);
  for (gsize i = 0; i < length; i++)
    {
      guint8 high = data[2 * i + (big_endian ? 0 : 1)];
      guint8 low = data[2 * i + (big_endian ? 1 : 0)];
      text[i] = high == 0 && low < 0x80 ? low : ' ';
    }
  CwWipedBuffer buffer = { .data = text, .size = length, .capacity = length };
  return cw_wiped_buffer_end (&buffer);
}

static void read_content (CwReplyReader *self, GBytes *bytes, const char *name);

/* A run of base64 without an armour: DER, or something that has a layer of its own. */
static void
add_bare (CwReplyReader *self, CwPemBlock *block, const char *name)
{
  const CwReplyPlace here = { .file = name,
                              .line = block->line,
                              .offset = (goffset) block->offset };
  gsize size;
  const guint8 *data = g_bytes_get_data (block->der, &size);
  gsize claimed = cw_der_measure (data, size);
  GError *error = NULL;
  if (claimed > 0 && cw_der_sniff (data, size) == CW_DER_UNKNOWN)
    return;
  if (claimed > 0 && is_cut_off (block->der, &error))
    add_unreadable (self, NULL, &here, error);
  else if (claimed > 0)
    {
      g_autoptr (GBytes) der = g_bytes_new_from_bytes (block->der, 0, claimed);
      add_der (self, der, NULL, &here);
    }
  else if (self->depth < MAX_DEPTH)
    {
      g_autofree char *inner = g_strdup_printf (_ ("%s, line %u"), name, block->line);
      self->depth++;
      read_content (self, block->der, inner);
      self->depth--;
    }
}

/* What is being read, for the functions that are called with pieces of it. */
typedef struct
{
  CwReplyReader *reader;
  const char *name;
} Source;

static void
found_block (CwPemBlock *found, gpointer user_data)
{
  g_autoptr (CwPemBlock) block = found;
  Source *source = user_data;
  if (block->label != NULL)
    add_block (source->reader, block, source->name);
  else
    add_bare (source->reader, block, source->name);
}

static void
read_text (CwReplyReader *self, GBytes *bytes, const char *name)
{
  gsize size;
  gboolean big_endian;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (GBytes) narrow = NULL;
  if (is_utf16 (data, size, &big_endian))
    {
      narrow = narrow_utf16 (data, size, big_endian);
      data = g_bytes_get_data (narrow, &size);
    }
  cw_pem_scan ((const char *) data, size, found_block, &(Source){ .reader = self, .name = name },
               self->cancellable);
}

#define SSH_KEY                                                                                    \
  N_ ("This is an SSH key, not a key for certificates. Look for the certificate in another file.")

/* What is no reply at all, by its first bytes, and what to do about it. */
static const struct
{
  const char *magic;
  gsize length;
  const char *sentence;
} strangers[] = {
  { "%PDF", 4, N_ ("This is a PDF document. Look for the certificate in another file.") },
  { "\xff\xd8\xff", 3, N_ ("This is a picture. Look for the certificate in another file.") },
  { "\x89PNG", 4, N_ ("This is a picture. Look for the certificate in another file.") },
  { "\xfe\xed\xfe\xed", 4,
    N_ ("This is a Java keystore (JKS). Convert it to PKCS#12, with “keytool -importkeystore "
        "-deststoretype pkcs12”, and choose the result.") },
  { "\xce\xce\xce\xce", 4,
    N_ ("This is a Java keystore (JCEKS). Convert it to PKCS#12, with “keytool -importkeystore "
        "-deststoretype pkcs12”, and choose the result.") },
  { "0\x82", 2,
    N_ ("It is damaged: it begins as a certificate or a key does, and does not go on like one. "
        "Perhaps it was sent as text. Get it again, in a ZIP file or as PEM.") },
  { "0\xef\xbf\xbd", 4,
    N_ ("It is damaged: somebody opened it as text and saved it. Get it again, in a ZIP file or "
        "as PEM.") },
  { "ssh-", 4, SSH_KEY },
  { "ecdsa-sha2-", 11, SSH_KEY },
  { "---- BEGIN SSH2 ", 16, SSH_KEY },
  { "PuTTY-User-Key-File-", 20, SSH_KEY },
  { "7z\xbc\xaf", 4, N_ ("This is a 7-Zip archive. Unpack it, and choose the files in it.") },
  { "Rar!", 4, N_ ("This is a RAR archive. Unpack it, and choose the files in it.") },
  { "\xd0\xcf\x11\xe0", 4,
    N_ ("This is an Outlook message or an old Office document. Open it, and save what is in it or "
        "attached to it.") },
};

/* What a portal gives instead of a file when nobody is logged in. Looked at in its place: it may
 * be a damaged key as well. */
static gboolean
is_web_page (const guint8 *data, gsize size)
{
  static const char *const starts[] = { "<!doctype html", "<html" };
  gsize offset = 0;
  while (offset < size && g_ascii_isspace ((char) data[offset]))
    offset++;
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      gsize length = strlen (starts[i]);
      if (size - offset >= length &&
          g_ascii_strncasecmp ((const char *) data + offset, starts[i], length) == 0)
        return TRUE;
    }
  return FALSE;
}

static const char *
find_stranger (const guint8 *data, gsize size)
{
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    if (size >= strangers[i].length && memcmp (data, strangers[i].magic, strangers[i].length) == 0)
      return _ (strangers[i].sentence);

  if (is_web_page (data, size))
    return _ ("This is a web page, not a certificate: perhaps it asks to log in. Download the "
              "certificate again, and look at what was saved.");
  return _ ("There is no certificate, no request and no key in it.");
}

/* A file of a folder or an archive; many of those have nothing to do with it. */
static void
read_part (CwReplyReader *self, GBytes *bytes, const char *name)
{
  guint n_before = self->n_found;
  read_content (self, bytes, name);
  if (self->n_found == n_before)
    self->n_useless_files++;
}

static void
begin_parts (CwReplyReader *self)
{
  if (self->depth++ == 0)
    self->n_useless_files = 0;
}

static void
end_parts (CwReplyReader *self, const char *name)
{
  if (--self->depth > 0 || self->n_useless_files == 0)
    return;
  g_autofree char *title = g_strdup_printf (
      ngettext ("%u file without certificate, request or key",
                "%u files without certificate, request or key", self->n_useless_files),
      self->n_useless_files);
  take (self, cw_reply_item_new_other (title, &(CwReplyPlace){ .file = name }));
}

static void
read_entry (const char *path, GBytes *content, const GError *error, gpointer user_data)
{
  Source *archive = user_data;
  g_autofree char *name = g_strconcat (archive->name, "/", path, NULL);
  if (error != NULL)
    cw_reply_reader_add_error (archive->reader, &(CwReplyPlace){ .file = name },
                               g_error_copy (error));
  else
    read_part (archive->reader, content, name);
}

static void
read_archive (CwReplyReader *self, GBytes *bytes, const char *name)
{
  const CwReplyPlace place = { .file = name };
  g_autoptr (GError) error = NULL;
  if (self->depth >= MAX_DEPTH)
    {
      g_set_error_literal (&error, CW_ERROR, CW_ERROR_UNSUPPORTED,
                           _ ("It is an archive in an archive in an archive. Unpack it, and choose "
                              "the files in it."));
      cw_reply_reader_add_error (self, &place, g_steal_pointer (&error));
      return;
    }

  begin_parts (self);
  gboolean read =
      cw_archive_read (bytes, &self->budget, read_entry, &(Source){ .reader = self, .name = name },
                       self->cancellable, &error);
  end_parts (self, name);
  if (!read && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    cw_reply_reader_add_error (self, &place, g_steal_pointer (&error));
}

static void
read_content (CwReplyReader *self, GBytes *bytes, const char *name)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  if (cw_archive_sniff (data, size))
    read_archive (self, bytes, name);
  else if (is_binary_der (data, size))
    add_binary (self, bytes, name);
  else
    read_text (self, bytes, name);
}

/* The files of a folder and of those in it, as their names are sorted. */
static void
read_folder (CwReplyReader *self, GFile *folder, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = cw_reply_folder_list (folder, self->cancellable, &error);
  begin_parts (self);
  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      GFile *file = g_ptr_array_index (files, i);
      g_autofree char *path = cw_reply_folder_get_path (folder, file);
      g_autofree char *full = g_strconcat (name, "/", path, NULL);
      g_autoptr (GError) why = NULL;
      g_autoptr (GBytes) bytes =
          cw_reply_file_read (file, CW_REPLY_MAX_SIZE, self->cancellable, &why);
      if (bytes != NULL)
        read_part (self, bytes, full);
      else if (!g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        cw_reply_reader_add_error (self, &(CwReplyPlace){ .file = full }, g_steal_pointer (&why));
    }
  end_parts (self, name);
  if (error == NULL && files->len == 0)
    g_set_error_literal (&error, CW_ERROR, CW_ERROR_EMPTY,
                         _ ("There is no file in this folder. Choose another."));
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    cw_reply_reader_add_error (self, &(CwReplyPlace){ .file = name }, g_steal_pointer (&error));
}

void
cw_reply_reader_read_bytes (CwReplyReader *self, GBytes *bytes, const char *name)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (bytes != NULL);
  g_return_if_fail (name != NULL);

  gsize size;
  guint n_before = self->n_found;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const CwReplyPlace place = { .file = name };
  if (size == 0 || is_blank (data, size))
    {
      cw_reply_reader_add_error (
          self, &place,
          g_error_new_literal (CW_ERROR, CW_ERROR_EMPTY, _ ("There is nothing in it.")));
      return;
    }
  read_content (self, bytes, name);
  if (self->n_found == n_before && !g_cancellable_is_cancelled (self->cancellable))
    cw_reply_reader_add_error (
        self, &place,
        g_error_new_literal (CW_ERROR, CW_ERROR_UNREADABLE, find_stranger (data, size)));
}

void
cw_reply_reader_read_file (CwReplyReader *self, GFile *file)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_FILE (file));

  g_autoptr (GError) error = NULL;
  g_autofree char *name = cw_reply_file_get_name (file);
  if (cw_reply_file_is_folder (file))
    {
      read_folder (self, file, name);
      return;
    }
  g_autoptr (GBytes) bytes =
      cw_reply_file_read (file, CW_REPLY_MAX_SIZE, self->cancellable, &error);
  if (bytes != NULL)
    cw_reply_reader_read_bytes (self, bytes, name);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    cw_reply_reader_add_error (self, &(CwReplyPlace){ .file = name }, g_steal_pointer (&error));
}

void
cw_reply_reader_end (CwReplyReader *self)
{
  g_return_if_fail (self != NULL);

  if (self->n_useless_pieces <= MAX_USELESS_PIECES)
    return;
  guint n_more = self->n_useless_pieces - MAX_USELESS_PIECES;
  const CwReplyPlace place =
      cw_reply_item_get_place (g_ptr_array_index (self->items, self->items->len - 1));
  g_autofree char *title = g_strdup_printf (
      ngettext ("%u more piece that is of no use", "%u more pieces that are of no use", n_more),
      n_more);
  take (self, cw_reply_item_new_other (title, &(CwReplyPlace){ .file = place.file }));
}

gboolean
cw_reply_reader_unlock (CwReplyReader *self,
                        CwReplyItem *item,
                        CwSecret *passphrase,
                        GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (CW_IS_REPLY_ITEM (item), FALSE);
  g_return_val_if_fail (passphrase != NULL, FALSE);

  const CwReplyPlace place = cw_reply_item_get_place (item);
  if (cw_reply_item_peek_pkcs12 (item) != NULL)
    {
      g_autoptr (CwBundle) bundle =
          cw_bundle_new_from_pkcs12 (cw_reply_item_peek_pkcs12 (item), passphrase, error);
      if (bundle != NULL)
        add_bundle (self, bundle, &place);
      return bundle != NULL;
    }
  g_autoptr (CwKey) key =
      cw_key_new_from_pem (cw_reply_item_peek_key_pem (item), passphrase, error);
  if (key != NULL)
    take (self, cw_reply_item_new_key (key, &place));
  return key != NULL;
}

void
cw_reply_reader_add_error (CwReplyReader *self, const CwReplyPlace *place, GError *error)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (place != NULL);
  g_return_if_fail (error != NULL);

  add_unreadable (self, NULL, place, error);
}
