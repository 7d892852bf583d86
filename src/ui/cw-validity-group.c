/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-accessibility.h"
#include "cw-authority.h"
#include "cw-date.h"
#include "cw-info-button.h"
#include "cw-validity-group.h"

struct _CwValidityGroup
{
  AdwBin parent_instance;

  GtkAdjustment *adjustment;
  GtkWidget *spin;
  AdwActionRow *end_row;
  GtkMenuButton *end_button;
  GtkCalendar *calendar; /* not owned; NULL until it is opened */

  CwRequest *request;
  CwCertificate *authority;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (CwValidityGroup, cw_validity_group, ADW_TYPE_BIN)

/* Noon, so that no change to summer time makes another day of it. */
static GDateTime *
noon_of (GDateTime *day)
{
  return g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                g_date_time_get_day_of_month (day), 12, 0, 0);
}

static GDateTime *
dup_today (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return noon_of (now);
}

static void
show_clip (CwValidityGroup *self, guint days)
{
  g_autoptr (GDateTime) not_after = NULL;
  g_autofree char *day = NULL;
  g_autofree char *text = NULL;

  if (!self->authority || !cw_authority_clip (self->authority, days, &not_after))
    {
      adw_action_row_set_subtitle (self->end_row, NULL);
      return;
    }

  day = cw_date_format_day (not_after);
  /* Translators: %s is a day, as in "3 May 2027" */
  text = g_strdup_printf (_ ("It will end on %s: no certificate outlives its CA."), day);
  adw_action_row_set_subtitle (self->end_row, text);
}

static void
show_end (CwValidityGroup *self)
{
  const guint days = cw_request_get_days (self->request);
  g_autoptr (GDateTime) today = dup_today ();
  g_autoptr (GDateTime) end = g_date_time_add_days (today, days);
  g_autofree char *text = cw_date_format_day (end);
  /* Translators: %s is a day, as in "3 May 2027" */
  g_autofree char *name = g_strdup_printf (_ ("Last day: %s"), text);

  self->filling = TRUE;
  gtk_adjustment_set_value (self->adjustment, days);
  gtk_menu_button_set_label (self->end_button, text);
  cw_accessibility_name_buttons (GTK_WIDGET (self->end_button));
  /* The button proper is inside of GTK's. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->end_button))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (self->calendar)
    gtk_calendar_select_day (self->calendar, end);
  show_clip (self, days);
  self->filling = FALSE;
}

static void
set_days (CwValidityGroup *self, int days)
{
  if (self->filling || !self->request)
    return;

  cw_request_set_days (self->request, CLAMP (days, 1, CW_REQUEST_MAX_DAYS));
  show_end (self);
}

static void
spin_changed_cb (CwValidityGroup *self)
{
  set_days (self, (int) gtk_adjustment_get_value (self->adjustment));
}

static void
day_selected_cb (CwValidityGroup *self)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (self->calendar);
  g_autoptr (GDateTime) end = noon_of (date);
  g_autoptr (GDateTime) today = dup_today ();
  /* An hour is lost or won between winter and summer. */
  const GTimeSpan span = g_date_time_difference (end, today) + 2 * G_TIME_SPAN_HOUR;

  set_days (self, (int) (span / G_TIME_SPAN_DAY));
}

/* Made when it is first opened: a calendar has many widgets. */
static void
create_calendar_cb (GtkMenuButton *button, gpointer user_data)
{
  CwValidityGroup *self = CW_VALIDITY_GROUP (user_data);
  GtkWidget *popover;

  if (self->calendar || !self->request)
    return;

  popover = gtk_popover_new ();
  self->calendar = GTK_CALENDAR (gtk_calendar_new ());
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (self->calendar));
  gtk_menu_button_set_popover (button, popover);
  show_end (self);
  g_signal_connect_object (self->calendar, "day-selected", G_CALLBACK (day_selected_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
cw_validity_group_dispose (GObject *object)
{
  CwValidityGroup *self = CW_VALIDITY_GROUP (object);

  g_clear_object (&self->request);
  g_clear_object (&self->authority);
  self->calendar = NULL;

  G_OBJECT_CLASS (cw_validity_group_parent_class)->dispose (object);
}

static void
cw_validity_group_class_init (CwValidityGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cw_validity_group_dispose;

  g_type_ensure (CW_TYPE_INFO_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-validity-group.ui");
  gtk_widget_class_bind_template_child (widget_class, CwValidityGroup, adjustment);
  gtk_widget_class_bind_template_child (widget_class, CwValidityGroup, spin);
  gtk_widget_class_bind_template_child (widget_class, CwValidityGroup, end_row);
  gtk_widget_class_bind_template_child (widget_class, CwValidityGroup, end_button);
  gtk_widget_class_bind_template_callback (widget_class, spin_changed_cb);
}

static void
cw_validity_group_init (CwValidityGroup *self)
{
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_adjustment_set_lower (self->adjustment, 1);
  gtk_adjustment_set_upper (self->adjustment, CW_REQUEST_MAX_DAYS);
  gtk_menu_button_set_create_popup_func (self->end_button, create_calendar_cb, self, NULL);
  self->filling = FALSE;
}

void
cw_validity_group_set_request (CwValidityGroup *self, CwRequest *request, CwCertificate *authority)
{
  g_return_if_fail (CW_IS_VALIDITY_GROUP (self));
  g_return_if_fail (request == NULL || CW_IS_REQUEST (request));

  g_set_object (&self->request, request);
  g_set_object (&self->authority, authority);
  if (request)
    show_end (self);
}
