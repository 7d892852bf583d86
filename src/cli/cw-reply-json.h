/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-intake.h"
#include "cw-json.h"

G_BEGIN_DECLS

/**
 * cw_reply_json_print:
 *
 * Prints all that was found, and the report, as certwright-cli(1) documents it.
 */
void cw_reply_json_print (CwIntake *intake, CwReport *report);

/* Adds to the object that is open what is said of a certificate. */
void cw_reply_json_add_certificate (JsonBuilder *builder, CwCertificate *certificate);

/* Adds to the object that is open what is asked for, or granted. */
void cw_reply_json_add_request (JsonBuilder *builder, CwRequest *request);

/* Adds an object. */
void cw_reply_json_add_finding (JsonBuilder *builder, CwFinding *finding);

G_END_DECLS
