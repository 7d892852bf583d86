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
#include "cw-wiped-buffer.h"

#define MAX_LABEL       64
#define BLOCK_SIZE      64     /* bytes that are looked at together */
#define LONG_DASH_BYTE  '\xe2' /* what en and em dash begin with in UTF-8 */
#define MIN_BARE_SIZE   40     /* the shortest private key, Ed25519, has 48 */
#define MIN_CUT_SIZE    200
#define DER_HEADER_WORD 8  /* characters of base64 with the longest header in them */
#define MIN_BARE_WORD   24 /* characters before the first line may end */
#define BYTES_PER_LINE  48 /* 64 characters of base64 */
#define MAX_ENTITY      10 /* characters of the longest that is known */
#define MAX_TAG         200
#define MIN_CAPACITY    1024              /* bytes to begin decoding with */
#define MAX_GAP_TEXT    (4 * 1024 * 1024) /* beyond this, nothing is looked for beside armour */

typedef struct
{
  const char *start; /* of the word BEGIN or END */
  const char *label;
  gsize label_length;
  const char *after; /* the first byte after the dashes that close it */
} Marker;

typedef struct
{
  const char *start;
  const char *end;
  const char *counted; /* lines are counted up to here */
  guint line;          /* of @counted */
  Marker next_end;     /* where the next END was last found; without start if there is none */
  gboolean knows_next_end;
  gboolean any_long_dash;
  GCancellable *cancellable;
} Scanner;

/* By blocks, in a way that the compiler can do with vectors. */
#ifndef __clang__
__attribute__ ((optimize ("O3")))
#endif
static gsize
count_byte (const char *p, const char *end, char byte)
{
  gsize n = 0;
  for (; end - p >= BLOCK_SIZE; p += BLOCK_SIZE)
    {
      guint8 here = 0;
      for (int i = 0; i < BLOCK_SIZE; i++)
        here += p[i] == byte;
      n += here;
    }
  for (; p < end; p++)
    n += *p == byte;
  return n;
}

/* Only ever goes forward, so that all counting together is linear. */
static guint
get_line (Scanner *self, const char *position)
{
  const char *p = self->counted;
  if (position <= p)
    return self->line;

  self->line += (guint) count_byte (p, position, '\n');
  while ((p = memchr (p, '\r', (gsize) (position - p))) != NULL)
    {
      p++;
      if (p == self->end || *p != '\n')
        self->line++;
    }
  self->counted = position;
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

  const char *label = p + word_length;
  const char *q = label;
  while (q < self->end && q - label < MAX_LABEL && is_label_character (*q))
    q++;
  gsize length = (gsize) (q - label);
  while (length > 0 && label[length - 1] == ' ')
    length--;
  if (length == 0 || match_dash (q, self->end) == 0)
    return FALSE;
  for (gsize n; (n = match_dash (q, self->end)) > 0;)
    q += n;
  *marker = (Marker){ .start = p, .label = label, .label_length = length, .after = q };
  return TRUE;
}

/*
 * A hyphen and the first letter of @word after it. Looks at a block at once, in a
 * way that the compiler can do with vectors: a log has a hyphen in every line.
 */
#ifndef __clang__
__attribute__ ((optimize ("O3")))
#endif
static const char *
find_pair (const char *p, const char *end, char letter)
{
  for (; end - p > BLOCK_SIZE; p += BLOCK_SIZE)
    {
      guint8 any = 0;
      for (int i = 0; i < BLOCK_SIZE; i++)
        any |= (guint8) ((p[i] == '-') & (p[i + 1] == letter));
      if (any != 0)
        break;
    }
  for (; end - p > 1; p++)
    if (p[0] == '-' && p[1] == letter)
      return p;
  return NULL;
}

/* The next @word before @until that a dash may stand before. */
static const char *
find_word (Scanner *self, const char *from, const char *until, const char *word, gsize length)
{
  if (self->any_long_dash)
    return memmem (from, (gsize) (until - from), word, length);

  /* The hyphen may also be the one just before. */
  const char *p = from > self->start && from[-1] == '-' ? from - 1 : from;
  while ((p = find_pair (p, until, *word)) != NULL)
    {
      p++;
      if ((gsize) (until - p) >= length && memcmp (p, word, length) == 0)
        return p;
    }
  return NULL;
}

static gboolean
find_marker (Scanner *self, const char *from, const char *until, const char *word, Marker *marker)
{
  gsize length = strlen (word);
  const char *p;
  while ((p = find_word (self, from, until, word, length)) != NULL)
    {
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
  gboolean is_behind = self->next_end.start != NULL && self->next_end.start < from;
  if (!self->knows_next_end || is_behind)
    {
      self->next_end = (Marker){ 0 };
      find_marker (self, from, self->end, "END ", &self->next_end);
      self->knows_next_end = TRUE;
    }
  *marker = self->next_end;
  return marker->start != NULL;
}

/* The six bits of a character of base64; what may stand between them; and all others. */
#define IS_FILLER 64
#define IS_OTHER  65

static guint8
get_meaning (char c)
{
  if (c >= 'A' && c <= 'Z')
    return (guint8) (c - 'A');
  if (c >= 'a' && c <= 'z')
    return (guint8) (c - 'a' + 26);
  if (c >= '0' && c <= '9')
    return (guint8) (c - '0' + 52);
  if (c == '+')
    return 62;
  if (c == '/')
    return 63;
  return c != '\0' && strchr (" \t\r\n\v\f>\"',;|`", c) != NULL ? IS_FILLER : IS_OTHER;
}

static const guint8 *
get_meanings (void)
{
  static guint8 meanings[256];
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      for (guint c = 0; c < G_N_ELEMENTS (meanings); c++)
        meanings[c] = get_meaning ((char) c);
      g_once_init_leave (&once, 1);
    }
  return meanings;
}

/* "\n" as two characters, however often it was escaped, and "\u002B" for "+". */
static gsize
match_backslash (const char *p, const char *end, char *meaning)
{
  const char *q = p;
  while (q < end && *q == '\\')
    q++;
  *meaning = ' ';
  if (end - q >= 5 && memcmp (q, "u00", 3) == 0 && g_ascii_isxdigit (q[3]) &&
      g_ascii_isxdigit (q[4]))
    {
      *meaning = (char) (g_ascii_xdigit_value (q[3]) * 16 + g_ascii_xdigit_value (q[4]));
      q += 5;
    }
  else if (q < end && *q != '\0' && strchr ("nrt", *q) != NULL)
    q++;
  return (gsize) (q - p);
}

/* "&#10;", "&#x2B;" for "+", "&nbsp;" */
static gsize
match_entity (const char *p, const char *end, char *meaning)
{
  const char *semicolon = memchr (p, ';', MIN ((gsize) (end - p), MAX_ENTITY));
  if (semicolon == NULL)
    return 0;
  guint64 value = ' ';
  if (p[1] == '#' && p + 2 < semicolon)
    value = p[2] == 'x' || p[2] == 'X' ? g_ascii_strtoull (p + 3, NULL, 16)
                                       : g_ascii_strtoull (p + 2, NULL, 10);
  *meaning = value > 0 && value < 0x80 ? (char) value : ' ';
  return (gsize) (semicolon - p) + 1;
}

/* A tag of HTML or XML. */
static gsize
match_tag (const char *p, const char *end)
{
  const char *close = memchr (p, '>', MIN ((gsize) (end - p), MAX_TAG));
  return close != NULL ? (gsize) (close - p) + 1 : 0;
}

/* A line that mail broke where there is no line end: "=", a new line, and more base64. */
static gsize
match_soft_break (const char *p, const char *end)
{
  const char *q = p + 1;
  if (q < end && *q == '\r')
    q++;
  if (q + 1 >= end || *q != '\n' || get_meanings ()[(guint8) q[1]] >= IS_FILLER)
    return 0;
  return (gsize) (q - p) + 1;
}

/* What stands for one character (@meaning), ' ' for none, in several: its length, 0 for nothing
 * of the kind. */
static gsize
match_escape (const char *p, const char *end, char *meaning)
{
  *meaning = ' ';
  switch (*p)
    {
    case '\\':
      return match_backslash (p, end, meaning);
    case '&':
      return match_entity (p, end, meaning);
    case '<':
      return match_tag (p, end);
    case '#':
    case '*':
      /* Of a comment, at the beginning of a line; there is always something before it. */
      return get_meanings ()[(guint8) p[-1]] == IS_FILLER ? 1 : 0;
    case '\xc2':
      return end - p >= 2 && memcmp (p, "\xc2\xa0", 2) == 0 ? 2 : 0;
    case '\xe2':
      return end - p >= 3 && memcmp (p, "\xe2\x80\x8b", 3) == 0 ? 3 : 0;
    case '\xef':
      return end - p >= 3 && memcmp (p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    default:
      return 0;
    }
}

/* "=" signs, also as mail writes them ("=3D"), and nothing but filler after them. */
static gboolean
is_padding (const char *p, const char *end)
{
  const guint8 *meanings = get_meanings ();
  while (p < end)
    {
      char meaning;
      if (end - p >= 3 && memcmp (p, "=3D", 3) == 0)
        p += 3;
      else if (*p == '=' || meanings[(guint8) *p] == IS_FILLER)
        p++;
      else
        {
          gsize length = match_escape (p, end, &meaning);
          if (length == 0 || (meaning != '=' && meanings[(guint8) meaning] != IS_FILLER))
            return FALSE;
          p += length;
        }
    }
  return TRUE;
}

typedef struct
{
  CwWipedBuffer bytes;
  gsize limit; /* of bytes; 0 for none */
  guint32 bits;
  guint n_characters;
} Decoder;

static inline void
decoder_push (Decoder *self, guint8 six_bits)
{
  self->bits = (self->bits << 6) | six_bits;
  if (self->bytes.size == self->bytes.capacity)
    cw_wiped_buffer_reserve (&self->bytes, MAX (2 * self->bytes.capacity, MIN_CAPACITY));
  if (++self->n_characters % 4 != 1)
    self->bytes.data[self->bytes.size++] =
        (guint8) (self->bits >> (6 - 2 * ((self->n_characters - 1) % 4)));
}

/* Returns where it stops: at padding, at what does not belong there, at the limit or at @end. */
static const char *
decode_characters (Decoder *self, const char *p, const char *end)
{
  const guint8 *meanings = get_meanings ();
  while (p < end && (self->limit == 0 || self->bytes.size < self->limit))
    {
      char meaning = *p;
      gsize length = 1;
      if (*p == '=')
        {
          length = match_soft_break (p, end);
          meaning = ' ';
        }
      else if (meanings[(guint8) *p] == IS_OTHER)
        length = match_escape (p, end, &meaning);
      if (length == 0 || meanings[(guint8) meaning] == IS_OTHER)
        return p;
      if (meanings[(guint8) meaning] < IS_FILLER)
        decoder_push (self, meanings[(guint8) meaning]);
      p += length;
    }
  return p;
}

/* Returns the bytes; or NULL, with @bad at what does not belong there, or at @end. */
static GBytes *
decode_base64 (const char *p, const char *end, const char **bad)
{
  Decoder decoder = { 0 };
  cw_wiped_buffer_reserve (&decoder.bytes, (gsize) (end - p) / 4 * 3 + 3);
  p = decode_characters (&decoder, p, end);
  g_autoptr (GBytes) bytes = cw_wiped_buffer_end (&decoder.bytes);
  decoder.bits = 0;
  if (!is_padding (p, end))
    *bad = p;
  else if (decoder.n_characters % 4 == 1)
    *bad = end;
  else
    return g_steal_pointer (&bytes);
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
read_block (Scanner *self, const Marker *begin, CwPemBlock **found)
{
  CwPemBlock *block = g_new0 (CwPemBlock, 1);
  block->label = g_strndup (begin->label, begin->label_length);
  block->line = get_line (self, begin->start);
  block->offset = (gsize) (begin->start - self->start);
  *found = block;

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

/* Whether a word of base64 that begins at @p may be something: DER of some length, or PEM or a
 * ZIP file in base64 once more. */
static gboolean
is_bare_start (const char *p, const char *end)
{
  const guint8 *meanings = get_meanings ();
  if (end - p < MIN_BARE_WORD)
    return FALSE;
  /* 0x30, then a length in one byte, or in as many as the next says. */
  gboolean is_der =
      p[0] == 'M' && ((p[1] >= 'A' && p[1] <= 'H') || (p[1] == 'I' && p[2] >= 'A' && p[2] <= 'P'));
  if (!is_der && memcmp (p, "LS0t", 4) != 0 && memcmp (p, "UEsD", 4) != 0)
    return FALSE;
  for (guint i = 0; i < MIN_BARE_WORD; i++)
    if (meanings[(guint8) p[i]] >= IS_FILLER)
      return FALSE;
  return TRUE;
}

static const char *
find_bare (const char *from, const char *until)
{
  const guint8 *meanings = get_meanings ();
  for (const char *p = from; p < until; p++)
    {
      if (meanings[(guint8) *p] >= IS_FILLER)
        continue;
      if (is_bare_start (p, until))
        return p;
      while (p + 1 < until && meanings[(guint8) p[1]] < IS_FILLER)
        p++;
    }
  return NULL;
}

/* Returns where to go on: behind it, or behind what cannot be one. */
static const char *
read_bare (Scanner *self, const char *p, const char *until, CwPemBlock **found)
{
  Decoder decoder = { 0 };
  /* DER says how long it is, and another piece may follow without a gap; BER may not say it. */
  const char *after = decode_characters (&decoder, p, p + DER_HEADER_WORD);
  if (*p == 'M' && decoder.bytes.data[1] != 0x80)
    decoder.limit = cw_der_measure (decoder.bytes.data, decoder.bytes.size);
  after = decode_characters (&decoder, after, until);
  gsize size = decoder.bytes.size;
  gsize claimed = *p == 'M' ? cw_der_measure (decoder.bytes.data, size) : size;
  /* Of what is cut off, enough has to be there to be sure. */
  if (claimed > 0 && size >= (claimed <= size ? MIN_BARE_SIZE : MIN_CUT_SIZE))
    {
      CwPemBlock *block = g_new0 (CwPemBlock, 1);
      block->line = get_line (self, p);
      block->offset = (gsize) (p - self->start);
      block->der = cw_wiped_buffer_end (&decoder.bytes);
      *found = block;
    }
  cw_wiped_buffer_clear (&decoder.bytes);
  decoder.bits = 0;
  return MAX (after, p + 1);
}

void
cw_pem_block_free (CwPemBlock *block)
{
  if (block == NULL)
    return;
  g_free (block->label);
  g_free (block->cipher);
  g_clear_pointer (&block->der, g_bytes_unref);
  g_clear_error (&block->error);
  g_free (block);
}

/* Base64 without an armour, between @from and @until. */
static void
scan_bare (Scanner *self, const char *from, const char *until, CwPemFunc func, gpointer user_data)
{
  const char *p = from;
  while (!g_cancellable_is_cancelled (self->cancellable) && (p = find_bare (p, until)) != NULL)
    {
      CwPemBlock *block = NULL;
      p = read_bare (self, p, until, &block);
      if (block != NULL)
        func (block, user_data);
    }
}

void
cw_pem_scan (
    const char *text, gsize size, CwPemFunc func, gpointer user_data, GCancellable *cancellable)
{
  g_return_if_fail (text != NULL || size == 0);
  g_return_if_fail (func != NULL);

  gboolean any = FALSE, looks_beside = size <= MAX_GAP_TEXT;
  Scanner self = {
    .start = text, .end = text + size, .counted = text, .line = 1, .cancellable = cancellable
  };
  self.any_long_dash = size > 0 && memchr (text, LONG_DASH_BYTE, size) != NULL;
  const char *p = text;
  Marker begin;
  while (!g_cancellable_is_cancelled (cancellable) &&
         find_marker (&self, p, self.end, "BEGIN ", &begin))
    {
      CwPemBlock *block = NULL;
      if (looks_beside)
        scan_bare (&self, p, begin.start, func, user_data);
      p = read_block (&self, &begin, &block);
      func (block, user_data);
      any = TRUE;
    }
  if (looks_beside || !any)
    scan_bare (&self, p, self.end, func, user_data);
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
