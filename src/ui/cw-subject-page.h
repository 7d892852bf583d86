/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-page.h"

G_BEGIN_DECLS

/**
 * CwSubjectPage:
 *
 * "Who is it for?": subject, alternative names and usages.
 */
#define CW_TYPE_SUBJECT_PAGE (cw_subject_page_get_type ())
G_DECLARE_FINAL_TYPE (CwSubjectPage, cw_subject_page, CW, SUBJECT_PAGE, CwPage)

G_END_DECLS
