/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-clipboard.h"
#include "ui-test.h"

#define SECRET "-----BEGIN PRIVATE KEY-----"

typedef struct
{
  GtkWindow *window;
  GtkWidget *widget;
  GdkClipboard *clipboard;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->widget = gtk_label_new ("");
  self->window = ui_show (self->widget);
  self->clipboard = gtk_widget_get_clipboard (self->widget);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ui_assert_window_freed (self->window, self->widget);
}

typedef struct
{
  char *text;
  gboolean done;
} Reading;

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  g_autoptr (GError) error = NULL;

  reading->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
  reading->done = TRUE;
}

static gboolean
is_done (gpointer data)
{
  return ((Reading *) data)->done;
}

/* What another program would paste. */
static char *
paste (Fixture *self)
{
  Reading reading = { NULL };

  gdk_clipboard_read_text_async (self->clipboard, NULL, read_cb, &reading);
  ui_wait (is_done, &reading);
  return reading.text;
}

static void
copy_secret (Fixture *self)
{
  g_autoptr (CwSecret) secret = cw_secret_new (SECRET, -1);

  cw_clipboard_copy_secret (self->widget, secret);
}

static void
test_copy (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GdkContentFormats) formats = NULL;

  copy_secret (self);
  text = paste (self);
  g_assert_cmpstr (text, ==, SECRET);
  g_assert_true (gdk_clipboard_is_local (self->clipboard));

  /* What programs that know no more than text ask for. */
  formats = gdk_content_provider_ref_formats (gdk_clipboard_get_content (self->clipboard));
  g_assert_true (gdk_content_formats_contain_mime_type (formats, "text/plain;charset=utf-8"));
  g_assert_true (gdk_content_formats_contain_mime_type (formats, "text/plain"));
  /* No copy of it in a GValue, on the plain heap. */
  g_assert_false (gdk_content_formats_contain_gtype (formats, G_TYPE_STRING));
  cw_clipboard_forget ();
}

static void
test_forget (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  copy_secret (self);
  cw_clipboard_forget ();
  text = paste (self);
  g_assert_cmpstr (text, ==, "");
}

static void
test_forget_freed (Fixture *self, gconstpointer data)
{
  gpointer content;

  copy_secret (self);
  content = gdk_clipboard_get_content (self->clipboard);
  g_object_add_weak_pointer (content, &content);
  cw_clipboard_forget ();
  ui_settle ();
  g_assert_null (content);
}

/* What someone copied since stays. */
static void
test_forget_other (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  copy_secret (self);
  gdk_clipboard_set_text (self->clipboard, "Something else");
  cw_clipboard_forget ();
  text = paste (self);
  g_assert_cmpstr (text, ==, "Something else");
}

static void
test_forget_nothing (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  gdk_clipboard_set_text (self->clipboard, "Something else");
  cw_clipboard_forget ();
  cw_clipboard_forget ();
  text = paste (self);
  g_assert_cmpstr (text, ==, "Something else");
}

/* The second one only is ours to forget. */
static void
test_twice (Fixture *self, gconstpointer data)
{
  g_autoptr (CwSecret) other = cw_secret_new ("other", -1);
  g_autofree char *text = NULL;
  g_autofree char *forgotten = NULL;

  copy_secret (self);
  cw_clipboard_copy_secret (self->widget, other);
  text = paste (self);
  g_assert_cmpstr (text, ==, "other");
  cw_clipboard_forget ();
  forgotten = paste (self);
  g_assert_cmpstr (forgotten, ==, "");
}

#define add(path, function)                                                                        \
  g_test_add ("/clipboard/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);

  add ("copy", test_copy);
  add ("forget", test_forget);
  add ("forget-freed", test_forget_freed);
  add ("forget-other", test_forget_other);
  add ("forget-nothing", test_forget_nothing);
  add ("twice", test_twice);

  return ui_test_run ();
}
