/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-accessibility.h"
#include "cw-field.h"

struct _CwField
{
  AdwEntryRow parent_instance;

  GtkWidget *message_row;
  GtkLabel *message;
};

G_DEFINE_FINAL_TYPE (CwField, cw_field, ADW_TYPE_ENTRY_ROW)

static void
cw_field_dispose (GObject *object)
{
  CwField *self = CW_FIELD (object);

  g_clear_object (&self->message_row);

  G_OBJECT_CLASS (cw_field_parent_class)->dispose (object);
}

static void
cw_field_class_init (CwFieldClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cw_field_dispose;
}

static void
cw_field_init (CwField *self)
{
  cw_accessibility_name_buttons (GTK_WIDGET (self));
  self->message = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                                "xalign", 0.0, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->message), "error");
  gtk_widget_add_css_class (GTK_WIDGET (self->message), "field-message");

  self->message_row =
      g_object_ref_sink (g_object_new (ADW_TYPE_PREFERENCES_ROW, "child", self->message, "visible",
                                       FALSE, "activatable", FALSE, "focusable", FALSE, NULL));
}

CwField *
cw_field_new (const char *title)
{
  return g_object_new (CW_TYPE_FIELD, "title", title, "use-markup", FALSE, "activates-default",
                       TRUE, NULL);
}

GtkWidget *
cw_field_get_message_row (CwField *self)
{
  g_return_val_if_fail (CW_IS_FIELD (self), NULL);

  return self->message_row;
}

void
cw_field_set_error (CwField *self, const char *message)
{
  g_return_if_fail (CW_IS_FIELD (self));

  gtk_label_set_label (self->message, message ? message : "");
  gtk_widget_set_visible (self->message_row, message != NULL);
  if (message)
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  cw_accessibility_set_error (GTK_WIDGET (self), message);
}

const char *
cw_field_get_text (CwField *self)
{
  g_return_val_if_fail (CW_IS_FIELD (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self));
}
