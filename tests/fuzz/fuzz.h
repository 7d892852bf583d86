/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the fuzzers have in common. Each is one LLVMFuzzerTestOneInput(), which
 * aborts if what core promises does not hold for its bytes.
 */

#pragma once

#include <gio/gio.h>

#include "cw-certificate.h"
#include "cw-crl.h"
#include "cw-key.h"
#include "cw-request.h"
#include "cw-secret.h"

G_BEGIN_DECLS

/* What everything in the corpora that is encrypted opens with. */
#define FUZZ_PASSPHRASE "fuzz"

/* libFuzzer's, see https://llvm.org/docs/LibFuzzer.html */
int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A sentence for a person: there, not empty, valid UTF-8. */
void fuzz_check_text (const char *text);

/* That there is either a result or an error with a sentence. */
void fuzz_check_result (gboolean succeeded, const GError *error);

/* That all that can be asked of them has an answer. */
void fuzz_check_subject (CwSubject *subject);
void fuzz_check_alt_names (GListModel *names);
void fuzz_check_certificate (CwCertificate *certificate);
void fuzz_check_crl (CwCrl *crl);
void fuzz_check_key (CwKey *key);
void fuzz_check_request (CwRequest *request);

/* (transfer full): the same every time, so that what is found is found again */
GDateTime *fuzz_now (void);

G_END_DECLS
