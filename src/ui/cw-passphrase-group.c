/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-accessibility.h"
#include "cw-passphrase-group.h"

struct _CwPassphraseGroup
{
  AdwBin parent_instance;

  GtkEditable *first;
  GtkEditable *second;
  GtkWidget *different;
  GtkWidget *weak_row;
  gboolean complete;
};

G_DEFINE_FINAL_TYPE (CwPassphraseGroup, cw_passphrase_group, ADW_TYPE_BIN)

enum
{
  PROP_COMPLETE = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

/* Nobody is told off while still typing. */
static void
changed_cb (CwPassphraseGroup *self)
{
  const char *first = gtk_editable_get_text (self->first);
  const char *second = gtk_editable_get_text (self->second);
  const gboolean equal = g_str_equal (first, second);
  const gboolean complete = equal && *first != '\0';
  const gboolean different = !equal && !g_str_has_prefix (first, second);

  gtk_widget_set_visible (self->different, different);
  cw_accessibility_set_error (GTK_WIDGET (self->second),
                              different ? gtk_label_get_label (GTK_LABEL (self->different)) : NULL);
  if (self->complete == complete)
    return;
  self->complete = complete;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_COMPLETE]);
}

static void
cw_passphrase_group_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CwPassphraseGroup *self = CW_PASSPHRASE_GROUP (object);

  switch (id)
    {
    case PROP_COMPLETE:
      g_value_set_boolean (value, self->complete);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
cw_passphrase_group_class_init (CwPassphraseGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = cw_passphrase_group_get_property;

  /**
   * CwPassphraseGroup:complete:
   *
   * Whether there is a passphrase, the same twice.
   */
  props[PROP_COMPLETE] = g_param_spec_boolean ("complete", NULL, NULL, FALSE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-passphrase-group.ui");
  gtk_widget_class_bind_template_child (widget_class, CwPassphraseGroup, first);
  gtk_widget_class_bind_template_child (widget_class, CwPassphraseGroup, second);
  gtk_widget_class_bind_template_child (widget_class, CwPassphraseGroup, different);
  gtk_widget_class_bind_template_child (widget_class, CwPassphraseGroup, weak_row);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
cw_passphrase_group_init (CwPassphraseGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CwSecret *
cw_passphrase_group_dup_passphrase (CwPassphraseGroup *self)
{
  g_return_val_if_fail (CW_IS_PASSPHRASE_GROUP (self), NULL);

  return self->complete ? cw_secret_new (gtk_editable_get_text (self->first), -1) : NULL;
}

void
cw_passphrase_group_set_weak (CwPassphraseGroup *self, gboolean weak)
{
  g_return_if_fail (CW_IS_PASSPHRASE_GROUP (self));

  gtk_widget_set_visible (self->weak_row, weak);
}

void
cw_passphrase_group_clear (CwPassphraseGroup *self)
{
  g_return_if_fail (CW_IS_PASSPHRASE_GROUP (self));

  gtk_editable_set_text (self->second, "");
  gtk_editable_set_text (self->first, "");
}
