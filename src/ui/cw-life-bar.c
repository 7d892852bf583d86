/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-date.h"
#include "cw-life-bar.h"

struct _CwLifeBar
{
  AdwBin parent_instance;

  GtkLabel *left;
  GtkLevelBar *bar;
  GtkLabel *from;
  GtkLabel *until;
};

G_DEFINE_FINAL_TYPE (CwLifeBar, cw_life_bar, ADW_TYPE_BIN)

static void
cw_life_bar_class_init (CwLifeBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-life-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CwLifeBar, left);
  gtk_widget_class_bind_template_child (widget_class, CwLifeBar, bar);
  gtk_widget_class_bind_template_child (widget_class, CwLifeBar, from);
  gtk_widget_class_bind_template_child (widget_class, CwLifeBar, until);
}

static void
cw_life_bar_init (CwLifeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  /* Its colour tells the state, not how full it is. */
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_FULL);
}

/* The part of its life that is over. */
static double
get_part (GDateTime *from, GDateTime *until, GDateTime *now)
{
  const double whole = (double) g_date_time_difference (until, from);
  const double gone = (double) g_date_time_difference (now, from);

  return whole > 0 ? CLAMP (gone / whole, 0, 1) : 1;
}

void
cw_life_bar_set_life (
    CwLifeBar *self, GDateTime *from, GDateTime *until, GDateTime *now, const char *css_class)
{
  const char *classes[] = { css_class, NULL };
  g_autoptr (GDateTime) moment = NULL;
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  g_autofree char *left = NULL;

  g_return_if_fail (CW_IS_LIFE_BAR (self));
  g_return_if_fail (from && until);

  moment = now ? g_date_time_ref (now) : g_date_time_new_now_utc ();
  first = cw_date_format_day (from);
  last = cw_date_format_day (until);
  left = cw_date_format_left (from, until, moment);
  gtk_label_set_label (self->from, first);
  gtk_label_set_label (self->until, last);
  gtk_label_set_label (self->left, left);
  gtk_level_bar_set_value (self->bar, get_part (from, until, moment));
  gtk_widget_set_css_classes (GTK_WIDGET (self->bar), classes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  left, -1);
}
