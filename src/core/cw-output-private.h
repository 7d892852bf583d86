/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-output.h"

G_BEGIN_DECLS

/**
 * cw_output_check:
 * @text: what was written for @profile's @output with @values
 * @error: %CW_ERROR_MISMATCH
 *
 * For YAML and PEM. Reads @text with libyaml and OpenSSL and compares it with what went in: each
 * setting that has to be there and no other, in order, each a string; the
 * private key that of the certificate; the chain leaf first and without a
 * root; the text that the profile has for verifying the server or not.
 */
gboolean cw_output_check (CwProfile *profile,
                          const CwProfileOutput *output,
                          const CwOutputValues *values,
                          CwSecret *text,
                          GError **error);

G_END_DECLS
