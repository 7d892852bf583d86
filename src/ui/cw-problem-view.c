/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-error.h"
#include "cw-problem-view.h"

struct _CwProblemView
{
  AdwBin parent_instance;

  GtkLabel *message;
  GtkWidget *details_expander;
  GtkLabel *details;
  GtkWidget *retry_button;
};

G_DEFINE_FINAL_TYPE (CwProblemView, cw_problem_view, ADW_TYPE_BIN)

enum
{
  RETRY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
retry_clicked_cb (CwProblemView *self)
{
  g_signal_emit (self, signals[RETRY], 0);
}

static void
cw_problem_view_class_init (CwProblemViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[RETRY] = g_signal_new ("retry", CW_TYPE_PROBLEM_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-problem-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwProblemView, message);
  gtk_widget_class_bind_template_child (widget_class, CwProblemView, details_expander);
  gtk_widget_class_bind_template_child (widget_class, CwProblemView, details);
  gtk_widget_class_bind_template_child (widget_class, CwProblemView, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, retry_clicked_cb);
}

static void
cw_problem_view_init (CwProblemView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CwProblemView *
cw_problem_view_new (void)
{
  return g_object_new (CW_TYPE_PROBLEM_VIEW, NULL);
}

void
cw_problem_view_set_error (CwProblemView *self, const GError *error, gboolean retry)
{
  const char *details;

  g_return_if_fail (CW_IS_PROBLEM_VIEW (self));

  details = error ? cw_error_get_details (error) : NULL;
  gtk_label_set_label (self->message, error ? error->message : "");
  gtk_label_set_label (self->details, details ? details : "");
  gtk_widget_set_visible (self->details_expander, details != NULL);
  gtk_widget_set_visible (self->retry_button, retry);
  gtk_widget_set_visible (GTK_WIDGET (self), error != NULL);
}

void
cw_problem_view_focus (CwProblemView *self)
{
  g_return_if_fail (CW_IS_PROBLEM_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->message));
  gtk_label_select_region (self->message, 0, 0); /* GTK selects all of it */
}
