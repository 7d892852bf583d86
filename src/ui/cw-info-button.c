/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-info-button.h"

struct _CwInfoButton
{
  AdwBin parent_instance;

  GtkWidget *button;
  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (CwInfoButton, cw_info_button, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_TERM,
  PROP_TEXT,
};

static void
set_term (CwInfoButton *self, const char *term)
{
  /* Translators: %s is a term such as "Subject" */
  g_autofree char *name = g_strdup_printf (_ ("About “%s”"), term ? term : "");

  gtk_widget_set_tooltip_text (self->button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
cw_info_button_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  CwInfoButton *self = CW_INFO_BUTTON (object);

  if (prop_id == PROP_TERM)
    set_term (self, g_value_get_string (value));
  else if (prop_id == PROP_TEXT)
    gtk_label_set_label (self->label, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
cw_info_button_class_init (CwInfoButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = cw_info_button_set_property;
  g_object_class_install_property (object_class, PROP_TERM,
                                   g_param_spec_string ("term", NULL, NULL, NULL, flags));
  g_object_class_install_property (object_class, PROP_TEXT,
                                   g_param_spec_string ("text", NULL, NULL, NULL, flags));
}

static void
cw_info_button_init (CwInfoButton *self)
{
  GtkWidget *popover = gtk_popover_new ();

  self->label =
      g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "max-width-chars", 36, "xalign", 0.0, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "explanation");
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (self->label));

  self->button = g_object_new (GTK_TYPE_MENU_BUTTON, "icon-name", "help-about-symbolic", "popover",
                               popover, "valign", GTK_ALIGN_CENTER, NULL);
  gtk_widget_add_css_class (self->button, "flat");
  adw_bin_set_child (ADW_BIN (self), self->button);
  /* Of two in a line GTK goes first to the one that stands a hair higher. */
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}
