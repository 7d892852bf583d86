/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-help-window.h"
#include "cw-identity-recipe.h"
#include "cw-problem-view.h"
#include "cw-recipe-window.h"

struct _CwRecipeWindow
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkScrolledWindow *scrolled;
  AdwComboRow *part_row;
  CwProblemView *problem;
  GtkBox *steps;
  AdwToast *toast; /* the last one; weak */

  CwIdentity *identity;
  CwIdentity *authority;
  CwProfile *profile;
  GArray *parts; /* CwRecipePart, in the order of the row */
};

G_DEFINE_FINAL_TYPE (CwRecipeWindow, cw_recipe_window, ADW_TYPE_WINDOW)

/* One takes the place of the other: they would queue, and Escape closes them one by one
 * before it closes the window. */
static void
show_toast (CwRecipeWindow *self, const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  if (self->toast)
    adw_toast_dismiss (self->toast);
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
copy_cb (CwRecipeWindow *self, GtkWidget *button)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          g_object_get_data (G_OBJECT (button), "commands"));
  show_toast (self, _ ("The commands are on the clipboard"));
}

static GtkWidget *
text_new (const char *text, const char *css_class)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "wrap-mode",
                                   PANGO_WRAP_WORD_CHAR, "xalign", 0.0, "hexpand", TRUE, NULL);

  gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
copy_button_new (CwRecipeWindow *self, const CwRecipeStep *step)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Copy"));
  /* Translators: what a screen reader calls a button; %s is a step, as in "Make the Request" */
  g_autofree char *name = g_strdup_printf (_ ("Copy: %s"), step->title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "commands", g_strdup (step->commands), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (copy_cb), self, G_CONNECT_SWAPPED);
  return button;
}

/* No line ends between an option and its dash: it would look like two words. */
static void
keep_options (PangoAttrList *attributes, const char *commands)
{
  for (const char *p = strstr (commands, " -"); p; p = strstr (p + 1, " -"))
    {
      PangoAttribute *attribute = pango_attr_allow_breaks_new (FALSE);

      attribute->start_index = (guint) (p + 1 - commands);
      attribute->end_index = attribute->start_index + 1 + (guint) strspn (p + 1, "-");
      pango_attr_list_insert (attributes, attribute);
    }
}

static GtkWidget *
commands_new (const char *commands)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = text_new (commands, "monospace");
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  /* What is copied by hand must be as it is. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  keep_options (attributes, commands);
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (label, "pem");
  gtk_widget_add_css_class (card, "card");
  gtk_box_append (GTK_BOX (card), label);
  return card;
}

static void
add_step (CwRecipeWindow *self, const CwRecipeStep *step)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title =
      g_object_new (GTK_TYPE_LABEL, "label", step->title, "wrap", TRUE, "xalign", 0.0, "hexpand",
                    TRUE, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "css-classes",
                    (const char *[]){ "heading", NULL }, NULL);

  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), copy_button_new (self, step));
  gtk_box_append (GTK_BOX (box), line);
  if (step->text)
    gtk_box_append (GTK_BOX (box), text_new (step->text, "dim-label"));
  gtk_box_append (GTK_BOX (box), commands_new (step->commands));
  gtk_box_append (self->steps, box);
}

static void
clear_steps (CwRecipeWindow *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->steps))))
    gtk_box_remove (self->steps, child);
}

static void
fill (CwRecipeWindow *self)
{
  const guint selected = adw_combo_row_get_selected (self->part_row);
  g_autoptr (CwRecipe) recipe = NULL;
  g_autoptr (GError) error = NULL;

  if (!self->identity || selected >= self->parts->len)
    return;

  clear_steps (self);
  recipe = cw_identity_create_recipe (self->identity, self->authority, self->profile, NULL, NULL,
                                      g_array_index (self->parts, CwRecipePart, selected), &error);
  cw_problem_view_set_error (self->problem, error, FALSE);
  for (guint i = 0; recipe && i < recipe->steps->len; i++)
    add_step (self, recipe->steps->pdata[i]);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0);
}

static void
fill_parts (CwRecipeWindow *self)
{
  const CwRecipePart first = cw_identity_get_first_recipe (self->identity);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint selected = 0;

  for (CwRecipePart part = 0; part < CW_N_RECIPE_PARTS; part++)
    if (cw_identity_has_recipe (self->identity, part))
      {
        if (part == first)
          selected = self->parts->len;
        g_array_append_val (self->parts, part);
        gtk_string_list_append (titles, cw_recipe_part_get_title (part));
      }
  adw_combo_row_set_model (self->part_row, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->part_row, selected);
}

static void
help_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cw_help_window_present (widget, "commands");
}

static void
cw_recipe_window_dispose (GObject *object)
{
  CwRecipeWindow *self = CW_RECIPE_WINDOW (object);

  g_clear_weak_pointer (&self->toast);
  g_clear_object (&self->identity);
  g_clear_object (&self->authority);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->parts, g_array_unref);

  G_OBJECT_CLASS (cw_recipe_window_parent_class)->dispose (object);
}

static void
cw_recipe_window_class_init (CwRecipeWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_recipe_window_dispose;

  g_type_ensure (CW_TYPE_PROBLEM_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-recipe-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CwRecipeWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, CwRecipeWindow, scrolled);
  gtk_widget_class_bind_template_child (widget_class, CwRecipeWindow, part_row);
  gtk_widget_class_bind_template_child (widget_class, CwRecipeWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, CwRecipeWindow, steps);
  gtk_widget_class_bind_template_callback (widget_class, fill);
  gtk_widget_class_install_action (widget_class, "win.help", NULL, help_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
cw_recipe_window_init (CwRecipeWindow *self)
{
  self->parts = g_array_new (FALSE, FALSE, sizeof (CwRecipePart));
  gtk_widget_init_template (GTK_WIDGET (self));
}

CwRecipeWindow *
cw_recipe_window_new (CwIdentity *identity, CwIdentity *authority, CwProfile *profile)
{
  CwRecipeWindow *self;

  g_return_val_if_fail (CW_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (!authority || CW_IS_IDENTITY (authority), NULL);
  g_return_val_if_fail (!profile || CW_IS_PROFILE (profile), NULL);

  self = g_object_new (CW_TYPE_RECIPE_WINDOW, NULL);
  self->identity = g_object_ref (identity);
  g_set_object (&self->authority, authority);
  g_set_object (&self->profile, profile);
  fill_parts (self);
  fill (self);
  return self;
}

void
cw_recipe_window_present (GtkWidget *widget,
                          CwStore *store,
                          GListModel *profiles,
                          CwIdentity *identity)
{
  g_autoptr (CwProfile) profile = NULL;
  CwRecipeWindow *self;
  const char *profile_id;
  const char *authority_id;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (!store || CW_IS_STORE (store));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  profile_id = cw_identity_get_profile_id (identity);
  if (profiles && profile_id)
    profile = cw_profiles_find (profiles, profile_id);
  authority_id = cw_identity_get_authority_id (identity);
  self = cw_recipe_window_new (
      identity, store && authority_id ? cw_store_find (store, authority_id) : NULL, profile);
  gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (gtk_widget_get_root (widget)));
  gtk_window_present (GTK_WINDOW (self));
}
