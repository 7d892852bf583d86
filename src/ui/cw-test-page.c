/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-server-group.h"
#include "cw-test-page.h"

struct _CwTestPage
{
  CwPage parent_instance;

  CwServerGroup *server_group;
};

G_DEFINE_FINAL_TYPE (CwTestPage, cw_test_page, CW_TYPE_PAGE)

static void
server_activity_cb (CwTestPage *self)
{
  cw_page_set_activity (CW_PAGE (self), cw_server_group_get_activity (self->server_group));
}

static void
cw_test_page_enter (CwPage *page)
{
  CwTestPage *self = CW_TEST_PAGE (page);

  cw_server_group_set_identity (self->server_group, cw_page_get_identity (page));
  cw_page_set_complete (page, TRUE);
}

static void
cw_test_page_leave (CwPage *page)
{
  cw_server_group_set_identity (CW_TEST_PAGE (page)->server_group, NULL);
}

static void
cw_test_page_class_init (CwTestPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CW_PAGE_CLASS (klass)->enter = cw_test_page_enter;
  CW_PAGE_CLASS (klass)->leave = cw_test_page_leave;

  g_type_ensure (CW_TYPE_SERVER_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/certwright/Certwright/ui/cw-test-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwTestPage, server_group);
  gtk_widget_class_bind_template_callback (widget_class, server_activity_cb);
}

static void
cw_test_page_init (CwTestPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
