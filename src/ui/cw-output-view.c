/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-output-view.h"
#include "cw-output.h"

struct _CwOutputView
{
  AdwBin parent_instance;

  GtkTextView *text_view;
  GtkTextBuffer *buffer;
  GtkToggleButton *reveal_button;

  CwProfile *profile;
  const CwProfileOutput *output; /* the profile's */
  CwSecret *text;
};

G_DEFINE_FINAL_TYPE (CwOutputView, cw_output_view, ADW_TYPE_BIN)

/* GNOME's palette, in a shade that is legible on each background. */
static const struct
{
  const char *name;
  const char *light;
  const char *dark;
} styles[] = {
  [CW_OUTPUT_COMMENT] = { "comment", "#5e5c64", "#c0bfbc" },
  [CW_OUTPUT_NAME] = { "name", "#1a5fb4", "#99c1f1" },
  [CW_OUTPUT_VALUE] = { "value", "#1b6b3a", "#8ff0a4" },
  [CW_OUTPUT_SECRET] = { "secret", "#8a3a0a", "#ffbe6f" },
};

static void
update_colours (CwOutputView *self)
{
  GtkTextTagTable *tags = gtk_text_buffer_get_tag_table (self->buffer);
  const gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++)
    g_object_set (gtk_text_tag_table_lookup (tags, styles[i].name), "foreground",
                  dark ? styles[i].dark : styles[i].light, NULL);
}

static void
apply_spans (CwOutputView *self, CwSecret *shown)
{
  g_autoptr (GArray) spans = cw_output_get_spans (self->profile, self->output, shown);
  const char *text = cw_secret_peek (shown);

  for (guint i = 0; i < spans->len; i++)
    {
      const CwOutputSpan *span = &g_array_index (spans, CwOutputSpan, i);
      GtkTextIter start, end;

      gtk_text_buffer_get_iter_at_offset (self->buffer, &start,
                                          g_utf8_pointer_to_offset (text, text + span->start));
      gtk_text_buffer_get_iter_at_offset (self->buffer, &end,
                                          g_utf8_pointer_to_offset (text, text + span->end));
      gtk_text_buffer_apply_tag_by_name (self->buffer, styles[span->style].name, &start, &end);
    }
}

static void
show_text (CwOutputView *self)
{
  g_autoptr (CwSecret) shown = NULL;

  if (self->text)
    shown = gtk_toggle_button_get_active (self->reveal_button) ? cw_secret_ref (self->text)
                                                               : cw_output_mask (self->text);

  gtk_text_buffer_set_text (self->buffer, shown ? cw_secret_peek (shown) : "", -1);
  if (shown)
    apply_spans (self, shown);
}

static void
cw_output_view_dispose (GObject *object)
{
  CwOutputView *self = CW_OUTPUT_VIEW (object);

  g_clear_pointer (&self->text, cw_secret_unref);
  g_clear_object (&self->profile);

  G_OBJECT_CLASS (cw_output_view_parent_class)->dispose (object);
}

static void
cw_output_view_class_init (CwOutputViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_output_view_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-output-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwOutputView, text_view);
  gtk_widget_class_bind_template_child (widget_class, CwOutputView, buffer);
  gtk_widget_class_bind_template_child (widget_class, CwOutputView, reveal_button);
  gtk_widget_class_bind_template_callback (widget_class, show_text);
}

static void
cw_output_view_init (CwOutputView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_text_buffer_create_tag (self->buffer, styles[i].name, NULL);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_colours), self, G_CONNECT_SWAPPED);
  update_colours (self);
}

void
cw_output_view_set_text (CwOutputView *self,
                         CwProfile *profile,
                         const CwProfileOutput *output,
                         CwSecret *text)
{
  g_return_if_fail (CW_IS_OUTPUT_VIEW (self));
  g_return_if_fail (text == NULL || (CW_IS_PROFILE (profile) && output != NULL));

  if (text)
    cw_secret_ref (text);
  g_clear_pointer (&self->text, cw_secret_unref);
  self->text = text;
  g_set_object (&self->profile, profile);
  self->output = output;

  gtk_widget_set_visible (GTK_WIDGET (self->reveal_button),
                          output && output->secret && output->is_text);
  if (gtk_toggle_button_get_active (self->reveal_button) && !(text && output->secret))
    gtk_toggle_button_set_active (self->reveal_button, FALSE); /* shows the text */
  else
    show_text (self);
}
