/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-test-page.h"

struct _CwTestPage
{
  CwPage parent_instance;
};

G_DEFINE_FINAL_TYPE (CwTestPage, cw_test_page, CW_TYPE_PAGE)

static void
cw_test_page_enter (CwPage *page)
{
  cw_page_set_complete (page, TRUE);
}

static void
cw_test_page_class_init (CwTestPageClass *klass)
{
  CW_PAGE_CLASS (klass)->enter = cw_test_page_enter;

  gtk_widget_class_set_template_from_resource (
      GTK_WIDGET_CLASS (klass), "/io/github/certwright/Certwright/ui/cw-test-page.ui");
}

static void
cw_test_page_init (CwTestPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
