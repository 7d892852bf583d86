/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdio.h>

#include "cw-connection-result.h"

G_BEGIN_DECLS

/**
 * cw_test_output_print_text:
 *
 * Prints the verdict, then the evidence, each with what it means and what to do.
 */
void cw_test_output_print_text (FILE *stream, CwConnectionResult *result);

/**
 * cw_test_output_print_offer:
 * @saved: (nullable): the file in which the CA that the server presented is now
 * @keep: whether the choice can be kept, so that --keep belongs to the option
 *
 * Where the server is not verified by the CAs chosen: prints what would verify it,
 * and the option for it. Of a CA that the server presented itself, the fingerprint,
 * and that it has to be compared.
 */
void cw_test_output_print_offer (FILE *stream,
                                 CwConnectionResult *result,
                                 const char *saved,
                                 gboolean keep);

/**
 * cw_test_output_print_json:
 *
 * Prints the same as certwright-cli(1) documents it.
 */
void cw_test_output_print_json (CwConnectionResult *result);

G_END_DECLS
