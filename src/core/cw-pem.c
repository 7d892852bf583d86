/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "cw-der.h"
#include "cw-error.h"
#include "cw-pem.h"

#define MAX_LABEL       64
#define MIN_BARE_SIZE   64
#define BYTES_PER_LINE  48 /* 64 characters of base64 */
#define BLOCKS_PER_LOOK 64 /* how often the cancellable is looked at */

typedef struct
{
  const char *start;
  const char *end;
  const char *counted;  /* lines are counted up to here */
  guint line;           /* of @counted */
  const char *next_end; /* the next END marker at or after where it was last looked for */
} Scanner;

typedef struct
{
  const char *start; /* of the word BEGIN or END */
  const char *label;
  gsize label_length;
  const char *after; /* the first byte after the dashes that close it */
} Marker;

static void
pem_block_free (gpointer data)
{
  CwPemBlock *block = data;
  g_free (block->label);
  g_free (block->cipher);
  g_clear_pointer (&block->der, g_bytes_unref);
  g_clear_error (&block->error);
  g_free (block);
}

/* Only ever goes forward, so that all counting together is linear. */
static guint
get_line (Scanner *self, const char *position)
{
  for (; self->counted < position; self->counted++)
    {
      gboolean lone_return =
          *self->counted == '\r' && (self->counted + 1 == self->end || self->counted[1] != '\n');
      if (*self->counted == '\n' || lone_return)
        self->line++;
    }
  return self->line;
}

/* A hyphen, or the en or em dash that a word processor makes of several: its length. */
static gsize
match_dash (const char *p, const char *end)
{
  if (p < end && *p == '-')
    return 1;
  if (end - p >= 3 && (memcmp (p, "\xe2\x80\x93", 3) == 0 || memcmp (p, "\xe2\x80\x94", 3) == 0))
    return 3;
  return 0;
}

static gboolean
is_label_character (char c)
{
  return g_ascii_isupper (c) || g_ascii_isdigit (c) || c == ' ' || c == '#' || c == '.';
}

/* Whether the @word at @p stands between dashes, with a label. */
static gboolean
parse_marker (Scanner *self, const char *p, gsize word_length, Marker *marker)
{
  gboolean hyphen = p > self->start && p[-1] == '-';
  gboolean dash = p - self->start >= 3 && match_dash (p - 3, p) == 3;
  if (!hyphen && !dash)
    return FALSE;

  marker->start = p;
  marker->label = p + word_length;
  const char *q = marker->label;
  while (q < self->end && q - marker->label < MAX_LABEL && is_label_character (*q))
    q++;
  marker->label_length = (gsize) (q - marker->label);
  while (marker->label_length > 0 && marker->label[marker->label_length - 1] == ' ')
    marker->label_length--;
  if (marker->label_length == 0 || match_dash (q, self->end) == 0)
    return FALSE;
  for (gsize n; (n = match_dash (q, self->end)) > 0;)
    q += n;
  marker->after = q;
  return TRUE;
}

static gboolean
find_marker (Scanner *self, const char *from, const char *until, const char *word, Marker *marker)
{
  gsize length = strlen (word);
  while (from < until)
    {
      const char *p = memmem (from, (gsize) (until - from), word, length);
      if (p == NULL)
        return FALSE;
      if (parse_marker (self, p, length, marker))
        return TRUE;
      from = p + length;
    }
  return FALSE;
}

/*
 * The END after @from. Remembered, because many BEGINs may stand before one
 * END, or before none at all.
 */
static gboolean
find_end (Scanner *self, const char *from, Marker *marker)
{
  const char *begin = self->next_end != NULL && self->next_end >= from ? self->next_end : from;
  if (find_marker (self, begin, self->end, "END ", marker))
    {
      self->next_end = marker->start;
      return TRUE;
    }
  self->next_end = self->end;
  return FALSE;
}

/* What may stand between the characters of base64: its length, 0 for none. */
static gsize
match_filler (const char *p, const char *end)
{
  if (*p == '\\')
    {
      const char *q = p;
      while (q < end && *q == '\\')
        q++;
      return (gsize) (q - p) + (q < end && strchr ("nrt", *q) != NULL && *q != '\0' ? 1 : 0);
    }
  if (*p != '\0' && strchr (" \t\r\n\v\f>\"',;|`", *p) != NULL)
    return 1;
  if (end - p >= 2 && memcmp (p, "\xc2\xa0", 2) == 0)
    return 2;
  if (end - p >= 3 && (memcmp (p, "\xe2\x80\x8b", 3) == 0 || memcmp (p, "\xef\xbb\xbf", 3) == 0))
    return 3;
  return 0;
}

static int
decode_character (char c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* "=" signs, also as mail writes them ("=3D"), and nothing but filler after them. */
static gboolean
is_padding (const char *p, const char *end)
{
  while (p < end)
    {
      gsize filler = match_filler (p, end);
      if (filler > 0)
        p += filler;
      else if (end - p >= 3 && memcmp (p, "=3D", 3) == 0)
        p += 3;
      else if (*p == '=')
        p++;
      else
        return FALSE;
    }
  return TRUE;
}

/* Returns the bytes; or NULL, with @bad at what does not belong there, or at @end. */
static GBytes *
decode_base64 (const char *p, const char *end, const char **bad)
{
  gsize capacity = (gsize) (end - p) / 4 * 3 + 3, size = 0;
  guint8 *data = g_malloc (capacity);
  guint32 bits = 0;
  guint n_characters = 0;

  for (; p < end && *p != '='; p++)
    {
      int value = decode_character (*p);
      gsize filler = value < 0 ? match_filler (p, end) : 0;
      if (value < 0 && filler == 0)
        break;
      if (value < 0)
        {
          p += filler - 1;
          continue;
        }
      bits = (bits << 6) | (guint32) value;
      n_characters++;
      if (n_characters % 4 != 1)
        data[size++] = (guint8) (bits >> (6 - 2 * ((n_characters - 1) % 4)));
    }

  gboolean whole = n_characters % 4 != 1;
  GBytes *bytes = cw_wiped_bytes_take (data, size);
  bits = 0;
  if (whole && is_padding (p, end))
    return bytes;
  g_bytes_unref (bytes);
  *bad = is_padding (p, end) ? end : p;
  return NULL;
}

/*
 * The header of an old encrypted key ("Proc-Type", "DEK-Info"). Its lines may
 * have been run together, so it is found by its words. Returns where the
 * base64 begins.
 */
static const char *
skip_header (const char *p, const char *end, char **cipher)
{
  static const char name[] = "DEK-Info:";
  const char *colon = memrchr (p, ':', (gsize) (end - p));
  if (colon == NULL)
    return p;

  const char *info = memmem (p, (gsize) (end - p), name, strlen (name));
  if (info != NULL && info + strlen (name) - 1 == colon)
    {
      const char *start = colon + 1;
      while (start < end && *start == ' ')
        start++;
      const char *q = start;
      while (q < end && (g_ascii_isalnum (*q) || *q == '-' || *q == ','))
        q++;
      *cipher = g_strndup (start, (gsize) (q - start));
      return q;
    }
  while (colon < end && *colon != '\n' && *colon != '\r' && *colon != '\\')
    colon++;
  return colon;
}

static void
set_decode_error (Scanner *self, const char *bad, const char *end, GError **error)
{
  if (bad >= end)
    {
      g_set_error_literal (
          error, CW_ERROR, CW_ERROR_UNREADABLE,
          _ ("Its text ends in the middle: a piece of it is missing. Copy it again, "
             "whole."));
      return;
    }
  /* Looks ahead of the blocks that follow, so on a copy of the counter. */
  Scanner here = *self;
  guint line = get_line (&here, bad);
  gunichar c = g_utf8_get_char_validated (bad, end - bad);
  if (c < 0x110000 && g_unichar_isgraph (c))
    {
      char character[7] = "";
      g_unichar_to_utf8 (c, character);
      g_set_error (error, CW_ERROR, CW_ERROR_UNREADABLE,
                   _ ("In line %u of the text, the character “%s” does not belong there. Copy it "
                      "again, whole."),
                   line, character);
    }
  else
    g_set_error (
        error, CW_ERROR, CW_ERROR_UNREADABLE,
        _ ("In line %u of the text is something that does not belong there. Copy it again, "
           "whole."),
        line);
}

static gboolean
labels_match (const Marker *begin, const Marker *end)
{
  return begin->label_length == end->label_length &&
         memcmp (begin->label, end->label, begin->label_length) == 0;
}

static void
decode_block (Scanner *self, CwPemBlock *block, const Marker *begin, const Marker *end)
{
  if (!labels_match (begin, end))
    {
      g_autofree char *label = g_strndup (end->label, end->label_length);
      g_set_error (&block->error, CW_ERROR, CW_ERROR_UNREADABLE,
                   /* Translators: what stands at the two ends of a block of PEM */
                   _ ("It begins as “%s” and ends as “%s”: a piece between them is missing."),
                   block->label, label);
      return;
    }

  /* Back over the dashes before END. */
  const char *stop = end->start;
  while (stop > begin->after)
    {
      if (stop[-1] == '-')
        stop -= 1;
      else if (stop - begin->after >= 3 && match_dash (stop - 3, stop) == 3)
        stop -= 3;
      else
        break;
    }
  const char *bad = NULL;
  const char *body = skip_header (begin->after, stop, &block->cipher);
  block->der = decode_base64 (body, stop, &bad);
  if (block->der == NULL)
    set_decode_error (self, bad, stop, &block->error);
}

/* Returns where to go on. */
static const char *
read_block (Scanner *self, const Marker *begin, GPtrArray *blocks)
{
  CwPemBlock *block = g_new0 (CwPemBlock, 1);
  block->label = g_strndup (begin->label, begin->label_length);
  block->line = get_line (self, begin->start);
  block->offset = (gsize) (begin->start - self->start);
  g_ptr_array_add (blocks, block);

  Marker end = { 0 }, other;
  gboolean ended = find_end (self, begin->after, &end);
  const char *until = ended ? end.start : self->end;
  if (find_marker (self, begin->after, until, "BEGIN ", &other))
    {
      ended = FALSE;
      until = other.start;
    }
  if (ended)
    {
      decode_block (self, block, begin, &end);
      return end.after;
    }
  g_set_error (&block->error, CW_ERROR, CW_ERROR_UNREADABLE,
               _ ("Its last line, “-----END %s-----”, is missing. Copy it again, whole."),
               block->label);
  return until;
}

GPtrArray *
cw_pem_scan (const char *text, gsize size, GCancellable *cancellable)
{
  g_return_val_if_fail (text != NULL || size == 0, NULL);

  GPtrArray *blocks = g_ptr_array_new_with_free_func (pem_block_free);
  Scanner self = { .start = text, .end = text + size, .counted = text, .line = 1 };
  const char *p = text;
  Marker begin;
  while (find_marker (&self, p, self.end, "BEGIN ", &begin))
    {
      if (blocks->len % BLOCKS_PER_LOOK == 0 && g_cancellable_is_cancelled (cancellable))
        break;
      p = read_block (&self, &begin, blocks);
    }
  return blocks;
}

GBytes *
cw_pem_decode_bare (const char *text, gsize size)
{
  g_return_val_if_fail (text != NULL || size == 0, NULL);

  const char *bad;
  if (size < MIN_BARE_SIZE)
    return NULL;
  g_autoptr (GBytes) der = decode_base64 (text, text + size, &bad);
  if (der == NULL)
    return NULL;
  gsize der_size;
  const guint8 *data = g_bytes_get_data (der, &der_size);
  if (cw_der_measure (data, der_size) != der_size)
    return NULL;
  return g_steal_pointer (&der);
}

CwSecret *
cw_pem_encode_key (const char *label, const char *cipher, GBytes *der)
{
  g_return_val_if_fail (label != NULL, NULL);
  g_return_val_if_fail (der != NULL, NULL);

  CwSecretBuilder *builder = cw_secret_builder_new ();
  g_autofree char *first = g_strdup_printf ("-----BEGIN %s-----\n", label);
  g_autofree char *last = g_strdup_printf ("-----END %s-----\n", label);
  cw_secret_builder_append (builder, first, -1);
  if (cipher != NULL)
    {
      g_autofree char *header =
          g_strdup_printf ("Proc-Type: 4,ENCRYPTED\nDEK-Info: %s\n\n", cipher);
      cw_secret_builder_append (builder, header, -1);
    }

  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  char line[BYTES_PER_LINE / 3 * 4 + 1];
  for (gsize i = 0; i < size; i += BYTES_PER_LINE)
    {
      int n = (int) MIN (size - i, BYTES_PER_LINE);
      int length = EVP_EncodeBlock ((unsigned char *) line, data + i, n);
      cw_secret_builder_append (builder, line, length);
      cw_secret_builder_append (builder, "\n", 1);
    }
  OPENSSL_cleanse (line, sizeof line);
  cw_secret_builder_append (builder, last, -1);
  return cw_secret_builder_end (builder);
}
