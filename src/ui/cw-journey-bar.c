/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-journey-bar.h"

struct _CwJourneyBar
{
  AdwBin parent_instance;

  GtkBox *wide;
  GtkLabel *narrow;

  GtkWidget *stations[CW_N_STATIONS]; /* the buttons */
  GtkImage *ticks[CW_N_STATIONS];
  GtkLabel *titles[CW_N_STATIONS];
  CwStep steps[CW_N_STATIONS]; /* where the buttons lead */
};

G_DEFINE_FINAL_TYPE (CwJourneyBar, cw_journey_bar, ADW_TYPE_BIN)

enum
{
  VISIT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (CwJourneyBar *self, GtkWidget *button)
{
  for (CwStation station = 0; station < CW_N_STATIONS; station++)
    if (self->stations[station] == button)
      g_signal_emit (self, signals[VISIT], 0, (guint) self->steps[station]);
}

static void
add_station (CwJourneyBar *self, CwStation station)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *button = gtk_button_new ();

  self->ticks[station] =
      g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->ticks[station]));
  self->titles[station] = GTK_LABEL (gtk_label_new (NULL));
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->titles[station]));
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "station");
  if (cw_station_is_pause (station))
    gtk_widget_add_css_class (button, "pause");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (clicked_cb), self);

  self->stations[station] = button;
  gtk_box_append (self->wide, button);
}

static void
cw_journey_bar_class_init (CwJourneyBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[VISIT] = g_signal_new ("visit", CW_TYPE_JOURNEY_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-journey-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CwJourneyBar, wide);
  gtk_widget_class_bind_template_child (widget_class, CwJourneyBar, narrow);
}

static void
cw_journey_bar_init (CwJourneyBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  cw_accessibility_name_buttons (GTK_WIDGET (self));
  for (CwStation station = 0; station < CW_N_STATIONS; station++)
    add_station (self, station);
}

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* The step that a station leads to: of several, the one that this identity has. */
static gboolean
find_step (CwIdentity *identity, CwStep current, CwStation station, CwStep *step)
{
  for (CwStep s = CW_STEP_PURPOSE; s < CW_N_STEPS; s++)
    if (cw_step_get_station (s) == station && cw_flow_can_visit (identity, current, s))
      {
        *step = s;
        return TRUE;
      }

  return FALSE;
}

static void
update_station (CwJourneyBar *self, CwIdentity *identity, CwStep step, CwStation station)
{
  const gboolean done = cw_flow_is_done (identity, step, station);
  const gboolean current = cw_step_get_station (step) == station;
  const gboolean can_visit = !current && find_step (identity, step, station, &self->steps[station]);
  const char *title = cw_flow_get_station_title (identity, station);
  GtkWidget *button = self->stations[station];

  gtk_widget_set_visible (button, cw_flow_has_station (identity, station));
  gtk_label_set_label (self->titles[station], title);
  gtk_widget_set_visible (GTK_WIDGET (self->ticks[station]), done || cw_station_is_pause (station));
  gtk_image_set_from_icon_name (self->ticks[station],
                                done ? "object-select-symbolic" : "content-loading-symbolic");
  set_class (button, "done", done);
  set_class (button, "current", current);
  gtk_widget_set_can_target (button, can_visit);
  gtk_widget_set_focusable (button, can_visit);
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_DISABLED, !can_visit,
                               -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
}

CwJourneyBar *
cw_journey_bar_new (void)
{
  return g_object_new (CW_TYPE_JOURNEY_BAR, NULL);
}

void
cw_journey_bar_update (CwJourneyBar *self, CwIdentity *identity, CwStep step)
{
  const CwStation here = cw_step_get_station (step);
  g_autofree char *narrow = NULL;
  g_autofree char *spoken = NULL;
  guint number = 0, count = 0;

  g_return_if_fail (CW_IS_JOURNEY_BAR (self));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  for (CwStation station = 0; station < CW_N_STATIONS; station++)
    {
      const gboolean counts =
          cw_flow_has_station (identity, station) && !cw_station_is_pause (station);

      update_station (self, identity, step, station);
      count += counts;
      number += counts && station <= here;
    }

  /* Translators: the step's number, how many there are, its name: "3 of 7: Key" */
  narrow = g_strdup_printf (_ ("%u of %u: %s"), number, count,
                            cw_flow_get_station_title (identity, here));
  /* Translators: read out by a screen reader: "Step 3 of 7: Key" */
  spoken = g_strdup_printf (_ ("Step %u of %u: %s"), number, count,
                            cw_flow_get_station_title (identity, here));
  gtk_label_set_label (self->narrow, narrow);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}
