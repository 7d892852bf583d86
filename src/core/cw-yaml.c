/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <yaml.h>

#include "cw-error.h"
#include "cw-output.h"
#include "cw-text.h"
#include "cw-yaml.h"

#define PEM_BEGIN   "-----BEGIN "
#define PEM_END     "-----END "
#define PEM_DASHES  "-----"
#define PRIVATE_KEY "PRIVATE KEY"

/* As long as what it stands for, so that places in the text stay where they are. */
#define BLANK "A"

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (yaml_emitter_t, yaml_emitter_delete)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (yaml_parser_t, yaml_parser_delete)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (yaml_event_t, yaml_event_delete)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (yaml_token_t, yaml_token_delete)

/* Whether every reader, of YAML 1.1 too, takes the unquoted word for a string. */
static gboolean
is_plain_string (const char *text)
{
  static const char *const reserved[] = {
    "y", "n", "yes", "no", "true", "false", "on", "off", "null", NULL,
  };

  if (!g_ascii_isalpha (text[0]) ||
      text[strspn (text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-")] != '\0')
    return FALSE;
  for (guint i = 0; reserved[i] != NULL; i++)
    if (g_ascii_strcasecmp (reserved[i], text) == 0)
      return FALSE;

  return TRUE;
}

/*
 * Finds the first private key at or after @from: from behind its first line's dashes
 * up to its last line's.
 */
static gboolean
find_private_key (const char *from, const char **start, const char **end)
{
  while ((from = strstr (from, PEM_BEGIN)) != NULL)
    {
      const char *label = from + strlen (PEM_BEGIN);
      const char *dashes = strstr (label, PEM_DASHES);

      if (dashes != NULL && (gsize) (dashes - label) >= strlen (PRIVATE_KEY) &&
          memcmp (dashes - strlen (PRIVATE_KEY), PRIVATE_KEY, strlen (PRIVATE_KEY)) == 0)
        {
          *start = dashes + strlen (PEM_DASHES);
          *end = strstr (*start, PEM_END);
          if (*end == NULL)
            *end = *start + strlen (*start);
          return TRUE;
        }
      from = label;
    }

  return FALSE;
}

static gboolean
is_base64 (char c)
{
  return g_ascii_isalnum (c) || c == '+' || c == '/' || c == '=';
}

/* The length of a line without, and in @next the place behind, its line break. */
static gsize
get_line (const char *text, const char **next)
{
  gsize length = strcspn (text, "\n");

  *next = text + length + (text[length] == '\n');
  return length;
}

/*
 * One line of what YAML lets stand in a text (YAML 1.1, 5.1: c-printable), in which
 * nobody's name looks like the first line of a private key.
 */
static char *
clean_comment (const char *comment)
{
  g_autofree char *plain = cw_text_drop_directions (comment);
  g_autofree char *clean = cw_text_clean (plain);
  GString *line = g_string_new ("# ");

  for (const char *p = clean; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '-' && g_str_has_suffix (line->str, "----"))
        continue;
      g_string_append_unichar (line, c == 0xfffe || c == 0xffff ? ' ' : c);
    }
  g_string_append_c (line, '\n');

  return g_string_free (line, FALSE);
}

static char *
get_first_line (CwSecret *secret)
{
  const char *next;
  const char *text = cw_secret_peek (secret);

  return g_strndup (text, get_line (text, &next));
}

static int
write_cb (void *data, unsigned char *buffer, size_t size)
{
  g_string_append_len (data, (const char *) buffer, size);
  return 1;
}

static gboolean
emit (yaml_emitter_t *emitter, gboolean initialized, yaml_event_t *event, GError **error)
{
  /* The emitter owns the event from here on, also when it fails. */
  if (initialized && yaml_emitter_emit (emitter, event))
    return TRUE;

  g_set_error (error, CW_ERROR, CW_ERROR_FAILED, _ ("The YAML text could not be written: %s."),
               emitter->problem ? emitter->problem : g_strerror (ENOMEM));
  return FALSE;
}

static gboolean
emit_scalar (yaml_emitter_t *emitter, const char *text, GError **error)
{
  yaml_event_t event;
  yaml_scalar_style_t style = YAML_SINGLE_QUOTED_SCALAR_STYLE;
  gboolean ok;

  if (strchr (text, '\n') != NULL)
    style = YAML_LITERAL_SCALAR_STYLE;
  else if (is_plain_string (text))
    style = YAML_PLAIN_SCALAR_STYLE;

  ok = yaml_scalar_event_initialize (&event, NULL, NULL, (const yaml_char_t *) text, -1, 1, 1,
                                     style);
  return emit (emitter, ok, &event, error);
}

static gboolean
emit_start (yaml_emitter_t *emitter, GError **error)
{
  yaml_event_t event;

  return emit (emitter, yaml_stream_start_event_initialize (&event, YAML_UTF8_ENCODING), &event,
               error) &&
         emit (emitter, yaml_document_start_event_initialize (&event, NULL, NULL, NULL, 1), &event,
               error) &&
         emit (
             emitter,
             yaml_mapping_start_event_initialize (&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE),
             &event, error);
}

static gboolean
emit_end (yaml_emitter_t *emitter, GError **error)
{
  yaml_event_t event;

  return emit (emitter, yaml_mapping_end_event_initialize (&event), &event, error) &&
         emit (emitter, yaml_document_end_event_initialize (&event, 1), &event, error) &&
         emit (emitter, yaml_stream_end_event_initialize (&event), &event, error);
}

/* A private key is here a block of one line, its first, which says nothing about it. */
static gboolean
emit_entry (yaml_emitter_t *emitter, const CwYamlEntry *entry, GError **error)
{
  g_autofree char *line = entry->secret ? get_first_line (entry->secret) : NULL;
  g_autofree char *block = line ? g_strconcat (line, "\n", NULL) : NULL;

  return emit_scalar (emitter, entry->name, error) &&
         emit_scalar (emitter, block ? block : entry->value, error);
}

/* The map, with private keys cut short. */
static char *
write_skeleton (GPtrArray *entries, GError **error)
{
  g_auto (yaml_emitter_t) emitter = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean ok;

  if (!yaml_emitter_initialize (&emitter))
    g_error ("%s: out of memory", G_STRLOC);
  yaml_emitter_set_output (&emitter, write_cb, text);
  yaml_emitter_set_encoding (&emitter, YAML_UTF8_ENCODING);
  yaml_emitter_set_unicode (&emitter, 1);
  yaml_emitter_set_indent (&emitter, 2);
  yaml_emitter_set_width (&emitter, -1);
  yaml_emitter_set_break (&emitter, YAML_LN_BREAK);

  ok = emit_start (&emitter, error);
  for (guint i = 0; ok && i < entries->len; i++)
    ok = emit_entry (&emitter, entries->pdata[i], error);
  ok = ok && emit_end (&emitter, error);

  return ok ? g_strdup (text->str) : NULL;
}

/* The lines of @secret after the first, each with the indentation that libyaml gave that. */
static void
append_rest (CwSecretBuilder *builder, CwSecret *secret, const char *indent, gsize indent_length)
{
  const char *line = cw_secret_peek (secret);

  get_line (line, &line);
  while (*line != '\0')
    {
      const char *start = line;
      gsize length = get_line (start, &line);

      cw_secret_builder_append (builder, indent, indent_length);
      cw_secret_builder_append (builder, start, length);
      cw_secret_builder_append (builder, "\n", 1);
    }
}

static CwSecret *
get_next_secret (GPtrArray *entries, guint *i)
{
  for (; *i < entries->len; (*i)++)
    {
      const CwYamlEntry *entry = entries->pdata[*i];

      if (entry->secret != NULL)
        return entry->secret;
    }

  return NULL;
}

static void
append_complete (CwSecretBuilder *builder, const char *skeleton, GPtrArray *entries)
{
  guint i = 0;
  CwSecret *secret = get_next_secret (entries, &i);
  g_autofree char *first = secret ? get_first_line (secret) : NULL;

  while (*skeleton != '\0')
    {
      const char *line = skeleton;
      gsize indent = strspn (line, " ");
      gsize length = get_line (line, &skeleton);

      cw_secret_builder_append (builder, line, skeleton - line);
      if (first == NULL || length - indent != strlen (first) ||
          memcmp (line + indent, first, strlen (first)) != 0)
        continue;

      append_rest (builder, secret, line, indent);
      i++;
      secret = get_next_secret (entries, &i);
      g_free (first);
      first = secret ? get_first_line (secret) : NULL;
    }
}

static gboolean
set_mismatch (GError **error, const char *what, gsize line)
{
  g_set_error (error, CW_ERROR, CW_ERROR_MISMATCH,
               /* Translators: a line number and what a YAML reader says about it. */
               _ ("Line %zu of the YAML text is not as it has to be: %s."), line + 1, what);
  return FALSE;
}

static gboolean
get_event (yaml_parser_t *parser, yaml_event_t *event, GError **error)
{
  if (yaml_parser_parse (parser, event))
    return TRUE;

  return set_mismatch (error, parser->problem ? parser->problem : g_strerror (ENOMEM),
                       parser->problem_mark.line);
}

static gboolean
expect (yaml_parser_t *parser, yaml_event_type_t type, GError **error)
{
  g_auto (yaml_event_t) event = { 0 };
  gboolean marker = FALSE;

  if (!get_event (parser, &event, error))
    return FALSE;
  if (event.type == YAML_DOCUMENT_START_EVENT)
    marker = !event.data.document_start.implicit;
  else if (event.type == YAML_DOCUMENT_END_EVENT)
    marker = !event.data.document_end.implicit;
  else if (event.type == YAML_MAPPING_START_EVENT)
    marker = event.data.mapping_start.anchor != NULL || event.data.mapping_start.tag != NULL;

  if (event.type != type || marker)
    return set_mismatch (error, _ ("it is not one map of texts"), event.start_mark.line);
  return TRUE;
}

/* Whether it is a string to every reader, without anything that makes it something else. */
static gboolean
check_scalar (const yaml_event_t *event, GError **error)
{
  const char *text = (const char *) event->data.scalar.value;

  if (event->type != YAML_SCALAR_EVENT || event->data.scalar.anchor != NULL ||
      event->data.scalar.tag != NULL || strlen (text) != event->data.scalar.length ||
      (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !is_plain_string (text)))
    return set_mismatch (error, _ ("it is not a text"), event->start_mark.line);

  return TRUE;
}

/*
 * The true value of a block whose value in the blanked text is @blanked, line by
 * line from the same places of the true text.
 */
static CwSecret *
unblank (const yaml_event_t *event, CwSecret *blanked_text, CwSecret *text)
{
  g_autoptr (CwSecretBuilder) builder = cw_secret_builder_new ();
  const char *base = cw_secret_peek (blanked_text);
  const char *value = (const char *) event->data.scalar.value;
  const char *line = g_utf8_offset_to_pointer (base, event->start_mark.index);

  for (get_line (line, &line); *value != '\0';)
    {
      const char *wanted = value;
      const char *found = line;
      gsize wanted_length = get_line (wanted, &value);
      gsize found_length = get_line (found, &line);
      gsize indent = found_length - MIN (wanted_length, found_length);

      if (found_length < wanted_length || strspn (found, " ") != indent ||
          memcmp (found + indent, wanted, wanted_length) != 0)
        return NULL;
      cw_secret_builder_append (builder, cw_secret_peek (text) + (found - base) + indent,
                                wanted_length);
      cw_secret_builder_append (builder, "\n", value[-1] == '\n');
    }

  return cw_secret_builder_end (g_steal_pointer (&builder));
}

static gboolean
take_entry (GPtrArray *entries,
            const yaml_event_t *name,
            const yaml_event_t *value,
            CwSecret *blanked,
            CwSecret *text,
            GError **error)
{
  const char *key = (const char *) name->data.scalar.value;
  const char *content = (const char *) value->data.scalar.value;
  const char *start, *end;
  g_autoptr (CwSecret) secret = NULL;

  for (guint i = 0; i < entries->len; i++)
    if (g_str_equal (((const CwYamlEntry *) entries->pdata[i])->name, key))
      return set_mismatch (error, _ ("the same name is there twice"), name->start_mark.line);

  if (find_private_key (content, &start, &end))
    {
      if (value->data.scalar.style == YAML_LITERAL_SCALAR_STYLE)
        secret = unblank (value, blanked, text);
      if (secret == NULL)
        return set_mismatch (error, _ ("the private key is not a literal block"),
                             value->start_mark.line);
    }

  g_ptr_array_add (entries, cw_yaml_entry_new (key, secret ? NULL : content, secret));
  return TRUE;
}

static gboolean
read_map (
    yaml_parser_t *parser, GPtrArray *entries, CwSecret *blanked, CwSecret *text, GError **error)
{
  while (TRUE)
    {
      g_auto (yaml_event_t) name = { 0 };
      g_auto (yaml_event_t) value = { 0 };

      if (!get_event (parser, &name, error))
        return FALSE;
      if (name.type == YAML_MAPPING_END_EVENT)
        return TRUE;
      if (!check_scalar (&name, error) || !get_event (parser, &value, error) ||
          !check_scalar (&value, error) ||
          !take_entry (entries, &name, &value, blanked, text, error))
        return FALSE;
    }
}

static void
start_parser (yaml_parser_t *parser, CwSecret *text)
{
  if (!yaml_parser_initialize (parser))
    g_error ("%s: out of memory", G_STRLOC);
  yaml_parser_set_encoding (parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string (parser, (const unsigned char *) cw_secret_peek (text),
                                cw_secret_get_length (text));
}

static void
append_span (GArray *spans, gsize start, gsize end, CwOutputStyle style)
{
  CwOutputSpan span = { start, end, style };

  g_array_append_val (spans, span);
}

/* Between two tokens a "#" can only begin a comment. */
static void
append_comments (GArray *spans, const char *text, gsize start, gsize end)
{
  while (start < end)
    {
      const char *hash = memchr (text + start, '#', end - start);
      const char *next;
      gsize length;

      if (hash == NULL)
        return;
      /* libyaml knows more line breaks than those that are written here. */
      length = MIN (get_line (hash, &next), end - (hash - text));
      append_span (spans, hash - text, hash - text + length, CW_OUTPUT_COMMENT);
      start = next - text;
    }
}

/* libyaml counts characters, and counts a block's last line break to the block. */
static void
append_scalar (GArray *spans, const char *text, const yaml_token_t *token, gboolean is_name)
{
  gsize before = spans->len ? g_array_index (spans, CwOutputSpan, spans->len - 1).end : 0;
  gsize start = g_utf8_offset_to_pointer (text, token->start_mark.index) - text;
  gsize end = g_utf8_offset_to_pointer (text, token->end_mark.index) - text;
  const char *key_start, *key_end;
  CwOutputStyle style = is_name ? CW_OUTPUT_NAME : CW_OUTPUT_VALUE;

  while (end > start && text[end - 1] == '\n')
    end--;
  if (find_private_key ((const char *) token->data.scalar.value, &key_start, &key_end))
    style = CW_OUTPUT_SECRET;

  append_comments (spans, text, before, start);
  append_span (spans, start, end, style);
}

CwYamlEntry *
cw_yaml_entry_new (const char *name, const char *value, CwSecret *secret)
{
  CwYamlEntry *entry = g_new0 (CwYamlEntry, 1);

  entry->name = g_strdup (name);
  entry->value = g_strdup (value);
  entry->secret = secret ? cw_secret_ref (secret) : NULL;

  return entry;
}

void
cw_yaml_entry_free (CwYamlEntry *entry)
{
  g_free (entry->name);
  g_free (entry->value);
  g_clear_pointer (&entry->secret, cw_secret_unref);
  g_free (entry);
}

CwSecret *
cw_yaml_write (const char *comment, GPtrArray *entries, GError **error)
{
  g_autoptr (CwSecretBuilder) builder = cw_secret_builder_new ();
  g_autofree char *line = NULL;
  g_autofree char *skeleton = NULL;

  g_return_val_if_fail (comment != NULL, NULL);
  g_return_val_if_fail (entries != NULL && entries->len > 0, NULL);

  skeleton = write_skeleton (entries, error);
  if (skeleton == NULL)
    return NULL;

  line = clean_comment (comment);
  cw_secret_builder_append (builder, line, -1);
  append_complete (builder, skeleton, entries);

  return cw_secret_builder_end (g_steal_pointer (&builder));
}

GPtrArray *
cw_yaml_read (CwSecret *text, GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) cw_yaml_entry_free);
  g_autoptr (CwSecret) blanked = NULL;
  g_auto (yaml_parser_t) parser = { 0 };

  g_return_val_if_fail (text != NULL, NULL);

  blanked = cw_yaml_mask (text, BLANK);
  if (cw_secret_get_length (blanked) != cw_secret_get_length (text))
    {
      set_mismatch (error, _ ("it has a NUL character"), 0);
      return NULL;
    }

  start_parser (&parser, blanked);
  if (!expect (&parser, YAML_STREAM_START_EVENT, error) ||
      !expect (&parser, YAML_DOCUMENT_START_EVENT, error) ||
      !expect (&parser, YAML_MAPPING_START_EVENT, error) ||
      !read_map (&parser, entries, blanked, text, error) ||
      !expect (&parser, YAML_DOCUMENT_END_EVENT, error) ||
      !expect (&parser, YAML_STREAM_END_EVENT, error))
    return NULL;

  return g_steal_pointer (&entries);
}

GArray *
cw_yaml_get_spans (CwSecret *text)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (CwOutputSpan));
  g_autoptr (CwSecret) blanked = NULL;
  g_auto (yaml_parser_t) parser = { 0 };
  gboolean is_name = FALSE;
  gboolean ended = FALSE;

  g_return_val_if_fail (text != NULL, spans);

  blanked = cw_yaml_mask (text, BLANK);
  start_parser (&parser, blanked);
  while (!ended)
    {
      g_auto (yaml_token_t) token = { 0 };

      ended = !yaml_parser_scan (&parser, &token) || token.type == YAML_STREAM_END_TOKEN;
      if (token.type == YAML_KEY_TOKEN || token.type == YAML_VALUE_TOKEN)
        is_name = token.type == YAML_KEY_TOKEN;
      else if (token.type == YAML_SCALAR_TOKEN)
        append_scalar (spans, cw_secret_peek (blanked), &token, is_name);
    }

  return spans;
}

CwSecret *
cw_yaml_mask (CwSecret *text, const char *mark)
{
  g_autoptr (CwSecretBuilder) builder = cw_secret_builder_new ();
  const char *done;
  const char *start, *end;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (mark != NULL, NULL);

  for (done = cw_secret_peek (text); find_private_key (done, &start, &end); done = end)
    {
      cw_secret_builder_append (builder, done, start - done);
      for (const char *p = start; p < end; p++)
        cw_secret_builder_append (builder, is_base64 (*p) ? mark : p, is_base64 (*p) ? -1 : 1);
    }
  cw_secret_builder_append (builder, done, -1);

  return cw_secret_builder_end (g_steal_pointer (&builder));
}
