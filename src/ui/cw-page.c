/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-page.h"

typedef struct
{
  CwStore *store;
  GListModel *profiles;
  CwIdentity *identity;
  char *title;
  char *description;
  char *next_label;
  char *activity;
  gboolean complete;
  gboolean editable;
  AdwToast *undo; /* the last offer to undo something */
} CwPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CwPage, cw_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_DESCRIPTION,
  PROP_NEXT_LABEL,
  PROP_ACTIVITY,
  PROP_COMPLETE,
  PROP_EDITABLE,
  PROP_IDENTITY,
  PROP_STORE,
  PROP_PROFILES,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  GO_TO,
  OPEN_IDENTITY,
  TOAST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_text (CwPage *self, char **field, const char *text, guint prop)
{
  if (g_strcmp0 (*field, text) == 0)
    return;

  g_free (*field);
  *field = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
cw_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  CwPagePrivate *priv = cw_page_get_instance_private (CW_PAGE (object));

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, priv->title);
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, priv->description);
      break;
    case PROP_NEXT_LABEL:
      g_value_set_string (value, priv->next_label);
      break;
    case PROP_ACTIVITY:
      g_value_set_string (value, priv->activity);
      break;
    case PROP_COMPLETE:
      g_value_set_boolean (value, priv->complete);
      break;
    case PROP_EDITABLE:
      g_value_set_boolean (value, priv->editable);
      break;
    case PROP_IDENTITY:
      g_value_set_object (value, priv->identity);
      break;
    case PROP_STORE:
      g_value_set_object (value, priv->store);
      break;
    case PROP_PROFILES:
      g_value_set_object (value, priv->profiles);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
cw_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  CwPage *self = CW_PAGE (object);
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_TITLE:
      cw_page_set_title (self, g_value_get_string (value));
      break;
    case PROP_DESCRIPTION:
      cw_page_set_description (self, g_value_get_string (value));
      break;
    case PROP_NEXT_LABEL:
      cw_page_set_next_label (self, g_value_get_string (value));
      break;
    case PROP_ACTIVITY:
      cw_page_set_activity (self, g_value_get_string (value));
      break;
    case PROP_COMPLETE:
      cw_page_set_complete (self, g_value_get_boolean (value));
      break;
    case PROP_EDITABLE:
      cw_page_set_editable (self, g_value_get_boolean (value));
      break;
    case PROP_IDENTITY:
      g_set_object (&priv->identity, g_value_get_object (value));
      break;
    case PROP_STORE:
      g_set_object (&priv->store, g_value_get_object (value));
      break;
    case PROP_PROFILES:
      g_set_object (&priv->profiles, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* What comes later would not fit what is to be undone. */
static void
drop_undo (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  if (priv->undo)
    adw_toast_dismiss (priv->undo);
  g_clear_object (&priv->undo);
}

static void
cw_page_dispose (GObject *object)
{
  CwPagePrivate *priv = cw_page_get_instance_private (CW_PAGE (object));

  drop_undo (CW_PAGE (object));
  g_clear_object (&priv->identity);
  g_clear_object (&priv->store);
  g_clear_object (&priv->profiles);

  G_OBJECT_CLASS (cw_page_parent_class)->dispose (object);
}

static void
cw_page_finalize (GObject *object)
{
  CwPagePrivate *priv = cw_page_get_instance_private (CW_PAGE (object));

  g_clear_pointer (&priv->title, g_free);
  g_clear_pointer (&priv->description, g_free);
  g_clear_pointer (&priv->next_label, g_free);
  g_clear_pointer (&priv->activity, g_free);

  G_OBJECT_CLASS (cw_page_parent_class)->finalize (object);
}

static void
cw_page_class_init (CwPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = cw_page_get_property;
  object_class->set_property = cw_page_set_property;
  object_class->dispose = cw_page_dispose;
  object_class->finalize = cw_page_finalize;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);
  props[PROP_NEXT_LABEL] = g_param_spec_string ("next-label", NULL, NULL, NULL, flags);
  props[PROP_ACTIVITY] = g_param_spec_string ("activity", NULL, NULL, NULL, flags);
  props[PROP_COMPLETE] = g_param_spec_boolean ("complete", NULL, NULL, FALSE, flags);
  props[PROP_EDITABLE] = g_param_spec_boolean ("editable", NULL, NULL, TRUE, flags);
  props[PROP_IDENTITY] = g_param_spec_object ("identity", NULL, NULL, CW_TYPE_IDENTITY,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_STORE] = g_param_spec_object ("store", NULL, NULL, CW_TYPE_STORE,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_PROFILES] = g_param_spec_object ("profiles", NULL, NULL, G_TYPE_LIST_MODEL,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[GO_TO] = g_signal_new ("go-to", CW_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[OPEN_IDENTITY] = g_signal_new ("open-identity", CW_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, CW_TYPE_IDENTITY);
  signals[TOAST] = g_signal_new ("toast", CW_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, ADW_TYPE_TOAST);
}

static void
cw_page_init (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  priv->next_label = g_strdup (_ ("_Next"));
  priv->editable = TRUE;
}

const char *
cw_page_get_title (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_val_if_fail (CW_IS_PAGE (self), NULL);
  return priv->title;
}

void
cw_page_set_title (CwPage *self, const char *title)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_if_fail (CW_IS_PAGE (self));
  set_text (self, &priv->title, title, PROP_TITLE);
}

const char *
cw_page_get_description (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_val_if_fail (CW_IS_PAGE (self), NULL);
  return priv->description;
}

void
cw_page_set_description (CwPage *self, const char *description)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_if_fail (CW_IS_PAGE (self));
  set_text (self, &priv->description, description, PROP_DESCRIPTION);
}

gboolean
cw_page_get_complete (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_val_if_fail (CW_IS_PAGE (self), FALSE);
  return priv->complete;
}

void
cw_page_set_complete (CwPage *self, gboolean complete)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_if_fail (CW_IS_PAGE (self));

  if (priv->complete == !!complete)
    return;
  priv->complete = !!complete;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_COMPLETE]);
}

gboolean
cw_page_get_editable (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_val_if_fail (CW_IS_PAGE (self), FALSE);
  return priv->editable;
}

void
cw_page_set_editable (CwPage *self, gboolean editable)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_if_fail (CW_IS_PAGE (self));

  if (priv->editable == !!editable)
    return;
  priv->editable = !!editable;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EDITABLE]);
}

const char *
cw_page_get_next_label (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_val_if_fail (CW_IS_PAGE (self), NULL);
  return priv->next_label;
}

void
cw_page_set_next_label (CwPage *self, const char *label)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_if_fail (CW_IS_PAGE (self));
  set_text (self, &priv->next_label, label, PROP_NEXT_LABEL);
}

const char *
cw_page_get_activity (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_val_if_fail (CW_IS_PAGE (self), NULL);
  return priv->activity;
}

void
cw_page_set_activity (CwPage *self, const char *activity)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_if_fail (CW_IS_PAGE (self));
  set_text (self, &priv->activity, activity, PROP_ACTIVITY);
}

CwIdentity *
cw_page_get_identity (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_val_if_fail (CW_IS_PAGE (self), NULL);
  return priv->identity;
}

CwStore *
cw_page_get_store (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_val_if_fail (CW_IS_PAGE (self), NULL);
  return priv->store;
}

GListModel *
cw_page_get_profiles (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);

  g_return_val_if_fail (CW_IS_PAGE (self), NULL);
  return priv->profiles;
}

CwProfile *
cw_page_dup_profile (CwPage *self)
{
  CwPagePrivate *priv = cw_page_get_instance_private (self);
  const char *id;

  g_return_val_if_fail (CW_IS_PAGE (self), NULL);

  id = priv->identity ? cw_identity_get_profile_id (priv->identity) : NULL;
  return id && priv->profiles ? cw_profiles_find (priv->profiles, id) : NULL;
}

void
cw_page_enter (CwPage *self)
{
  g_return_if_fail (CW_IS_PAGE (self));

  if (CW_PAGE_GET_CLASS (self)->enter)
    CW_PAGE_GET_CLASS (self)->enter (self);
}

void
cw_page_leave (CwPage *self)
{
  g_return_if_fail (CW_IS_PAGE (self));

  drop_undo (self);
  if (CW_PAGE_GET_CLASS (self)->leave)
    CW_PAGE_GET_CLASS (self)->leave (self);
}

void
cw_page_apply_async (CwPage *self,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (CW_IS_PAGE (self));

  if (CW_PAGE_GET_CLASS (self)->apply_async)
    {
      CW_PAGE_GET_CLASS (self)->apply_async (self, cancellable, callback, user_data);
    }
  else
    {
      g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

      g_task_return_boolean (task, TRUE);
    }
}

gboolean
cw_page_apply_finish (CwPage *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (CW_IS_PAGE (self), FALSE);

  if (CW_PAGE_GET_CLASS (self)->apply_finish)
    return CW_PAGE_GET_CLASS (self)->apply_finish (self, result, error);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* GTK scrolls to what gets the keyboard, but not if that has no place yet. */
static gboolean
scroll_cb (GtkWidget *child, GdkFrameClock *clock, gpointer user_data)
{
  GtkWidget *viewport = gtk_widget_get_ancestor (child, GTK_TYPE_VIEWPORT);
  GtkWidget *content = viewport ? gtk_widget_get_first_child (viewport) : NULL;
  graphene_rect_t bounds;

  if (gtk_widget_get_height (child) == 0)
    return G_SOURCE_CONTINUE;

  if (content && gtk_widget_compute_bounds (child, content, &bounds))
    gtk_adjustment_clamp_page (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (viewport)),
                               bounds.origin.y, bounds.origin.y + bounds.size.height);
  return G_SOURCE_REMOVE;
}

void
cw_page_show_child (CwPage *self, GtkWidget *child)
{
  g_return_if_fail (CW_IS_PAGE (self));
  g_return_if_fail (GTK_IS_WIDGET (child));

  gtk_widget_grab_focus (child);
  gtk_widget_add_tick_callback (child, scroll_cb, NULL, NULL);
}

void
cw_page_go_to (CwPage *self, guint step)
{
  g_return_if_fail (CW_IS_PAGE (self));

  g_signal_emit (self, signals[GO_TO], 0, step);
}

void
cw_page_open_identity (CwPage *self, CwIdentity *identity)
{
  g_return_if_fail (CW_IS_PAGE (self));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  g_signal_emit (self, signals[OPEN_IDENTITY], 0, identity);
}

static AdwToast *
toast_new (const char *text)
{
  /* Toasts take markup, and names may hold "<" and "&". */
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

void
cw_page_toast (CwPage *self, const char *text)
{
  g_autoptr (AdwToast) toast = NULL;

  g_return_if_fail (CW_IS_PAGE (self));

  toast = toast_new (text);
  g_signal_emit (self, signals[TOAST], 0, toast);
}

void
cw_page_toast_undo (CwPage *self, const char *text, void (*undo) (CwPage *self))
{
  CwPagePrivate *priv;

  g_return_if_fail (CW_IS_PAGE (self));

  drop_undo (self);
  priv = cw_page_get_instance_private (self);
  priv->undo = toast_new (text);
  adw_toast_set_button_label (priv->undo, _ ("_Undo"));
  g_signal_connect_object (priv->undo, "button-clicked", G_CALLBACK (undo), self,
                           G_CONNECT_SWAPPED);
  g_signal_emit (self, signals[TOAST], 0, priv->undo);
}
