/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-output-view.h"
#include "cw-output.h"
#include "ui-test.h"

typedef struct
{
  CwOutputView *view;
  GtkTextBuffer *buffer;
  GtkWidget *reveal;
  CwProfile *profile;
  CwSecret *key;  /* PEM */
  CwSecret *text; /* the output */
} Fixture;

static CwSecret *
render (CwProfile *profile, CwKey *key, CwSecret *pem)
{
  g_autoptr (CwIdentity) identity = ui_ready_new_for_key ("stève@example.com", key);
  const CwOutputValues values = { .key = pem,
                                  .chain = cw_identity_get_chain (identity),
                                  .verify_server = TRUE };
  g_autoptr (GError) error = NULL;
  CwSecret *text = NULL;

  text = cw_output_render (profile, cw_profile_get_output (profile, 0), &values, &error);
  g_assert_no_error (error);
  return text;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GListModel) profiles = ui_profiles_new ();
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);

  self->profile = cw_profiles_find (profiles, "placeos");
  self->view = g_object_ref_sink (g_object_new (CW_TYPE_OUTPUT_VIEW, NULL));
  self->buffer = gtk_text_view_get_buffer (
      GTK_TEXT_VIEW (ui_find (GTK_WIDGET (self->view), GTK_TYPE_TEXT_VIEW, NULL)));
  self->reveal = ui_find (GTK_WIDGET (self->view), GTK_TYPE_TOGGLE_BUTTON, NULL);
  self->key = cw_key_to_pem (key, NULL);
  self->text = render (self->profile, key, self->key);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ui_assert_freed (self->view);
  cw_secret_unref (self->key);
  cw_secret_unref (self->text);
  g_object_unref (self->profile);
}

/* The first of PlaceOS's outputs has everything, the last no secret. */
static void
set_text (Fixture *self, CwSecret *text, guint output)
{
  cw_output_view_set_text (self->view, self->profile, cw_profile_get_output (self->profile, output),
                           text);
}

static char *
get_text (Fixture *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

/* Of the key's base64, no line is anywhere in the buffer. */
static void
assert_masked (Fixture *self)
{
  g_autofree char *text = get_text (self);
  g_auto (GStrv) lines = g_strsplit (cw_secret_peek (self->key), "\n", -1);

  for (guint i = 0; lines[i]; i++)
    if (*lines[i] && !g_str_has_prefix (lines[i], "-----"))
      g_assert_null (strstr (text, lines[i]));
  g_assert_nonnull (strstr (text, "https_private_key"));
  g_assert_nonnull (strstr (text, "https_client_cert"));
}

static void
assert_revealed (Fixture *self)
{
  g_autofree char *text = get_text (self);

  g_assert_cmpstr (text, ==, cw_secret_peek (self->text));
}

static void
test_masked (Fixture *self, gconstpointer data)
{
  set_text (self, self->text, 0);
  g_assert_true (gtk_widget_get_visible (self->reveal));
  assert_masked (self);
}

static void
test_revealed (Fixture *self, gconstpointer data)
{
  set_text (self, self->text, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->reveal), TRUE);
  assert_revealed (self);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->reveal), FALSE);
  assert_masked (self);
}

/* Dropping the text drops what was revealed, and the next text is masked. */
static void
test_dropped (Fixture *self, gconstpointer data)
{
  g_autofree char *nothing = NULL;

  set_text (self, self->text, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->reveal), TRUE);
  cw_output_view_set_text (self->view, NULL, NULL, NULL);
  nothing = get_text (self);
  g_assert_cmpstr (nothing, ==, "");
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->reveal)));

  set_text (self, self->text, 0);
  assert_masked (self);
}

static void
test_without_secret (Fixture *self, gconstpointer data)
{
  g_autoptr (CwSecret) text = cw_secret_new ("https_verify: peer\n", -1);
  g_autofree char *shown = NULL;

  set_text (self, text, 2);
  shown = get_text (self);
  g_assert_cmpstr (shown, ==, "https_verify: peer\n");
  g_assert_false (gtk_widget_get_visible (self->reveal));
}

static void
test_undo (Fixture *self, gconstpointer data)
{
  set_text (self, self->text, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->reveal), TRUE);
  g_assert_false (gtk_text_buffer_get_enable_undo (self->buffer));
  g_assert_false (gtk_text_buffer_get_can_undo (self->buffer));
  cw_output_view_set_text (self->view, NULL, NULL, NULL);
  g_assert_false (gtk_text_buffer_get_can_undo (self->buffer));
}

/* The view neither copies the secret nor keeps it. */
static void
test_read_only (Fixture *self, gconstpointer data)
{
  GtkTextView *view = GTK_TEXT_VIEW (ui_find (GTK_WIDGET (self->view), GTK_TYPE_TEXT_VIEW, NULL));

  g_assert_false (gtk_text_view_get_editable (view));
  g_assert_true (gtk_text_view_get_monospace (view));
}

/* Each colour starts and ends where its piece does, also behind letters of several bytes. */
static void
test_colours (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) spans =
      cw_output_get_spans (self->profile, cw_profile_get_output (self->profile, 0), self->text);
  GtkTextTagTable *tags = gtk_text_buffer_get_tag_table (self->buffer);
  GtkTextTag *name = gtk_text_tag_table_lookup (tags, "name");
  guint names = 0;

  set_text (self, self->text, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->reveal), TRUE);
  for (guint i = 0; i < spans->len; i++)
    {
      const CwOutputSpan *span = &g_array_index (spans, CwOutputSpan, i);
      const char *text = cw_secret_peek (self->text);
      GtkTextIter start, end;

      if (span->style != CW_OUTPUT_NAME)
        continue;
      gtk_text_buffer_get_iter_at_offset (self->buffer, &start,
                                          g_utf8_pointer_to_offset (text, text + span->start));
      gtk_text_buffer_get_iter_at_offset (self->buffer, &end,
                                          g_utf8_pointer_to_offset (text, text + span->end));
      g_assert_true (gtk_text_iter_starts_tag (&start, name));
      g_assert_true (gtk_text_iter_ends_tag (&end, name));
      names++;
    }
  g_assert_cmpuint (names, >=, 3);
}

static void
test_shown (Fixture *self, gconstpointer data)
{
  CwOutputView *view = g_object_new (CW_TYPE_OUTPUT_VIEW, NULL);
  GtkWindow *window = ui_show (GTK_WIDGET (view));

  cw_output_view_set_text (view, self->profile, cw_profile_get_output (self->profile, 0),
                           self->text);
  ui_settle ();
  ui_assert_window_freed (window, GTK_WIDGET (view));
}

#define add(path, function)                                                                        \
  g_test_add ("/output-view/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("masked", test_masked);
  add ("revealed", test_revealed);
  add ("dropped", test_dropped);
  add ("without-secret", test_without_secret);
  add ("undo", test_undo);
  add ("read-only", test_read_only);
  add ("colours", test_colours);
  add ("shown", test_shown);

  return ui_test_run ();
}
