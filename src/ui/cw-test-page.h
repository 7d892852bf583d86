/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-page.h"

G_BEGIN_DECLS

/**
 * CwTestPage:
 *
 * Which CAs the server's certificate may come from, its address, and the
 * connection test that proves the certificate against it.
 */
#define CW_TYPE_TEST_PAGE (cw_test_page_get_type ())
G_DECLARE_FINAL_TYPE (CwTestPage, cw_test_page, CW, TEST_PAGE, CwPage)

G_END_DECLS
