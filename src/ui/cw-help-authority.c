/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-help-private.h"

static const CwHelpPart authority[] = {
  { CW_HELP_TEXT, N_ ("A private CA signs certificates as a public one does, but only those "
                      "servers and devices trust it that were given its certificate. It suits a "
                      "workshop, a test, or an internal service that nobody else has to trust.") },
  { CW_HELP_ITEM, N_ ("“New Private CA…” in the menu makes one. Give it a name that people "
                      "recognise, and a long life: what it signs cannot outlive it.") },
  { CW_HELP_ITEM, N_ ("“Export CA Certificate…” writes what every server or device needs that is "
                      "to trust it. It is not secret.") },
  { CW_HELP_ITEM, N_ ("“Sign a Request…” takes one from a file or the clipboard; those that wait "
                      "in the list are shown on the page.") },
  { CW_HELP_ITEM, N_ ("“Write Revocation List…” tells servers which certificates no longer count. "
                      "Each is valid for 30 days: hand out a new one before they are over.") },
  { CW_HELP_TEXT, N_ ("Whoever has its private key can make any of these servers trust anybody. "
                      "Keep the CA on a computer that you look after, and make a backup of it.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart sign[] = {
  { CW_HELP_TEXT, N_ ("Somebody made a key and a request, kept the key, and sent you the request. "
                      "You say who they are by signing it, so make sure that it is really from "
                      "them: compare the fingerprint by phone.") },
  { CW_HELP_TEXT, N_ ("Before anything is signed, the page shows who asks, what for, and what will "
                      "be granted. The name is taken as it was asked for; other names and usages "
                      "can be left out, and how long it is valid is for you to say.") },
  { CW_HELP_TEXT, N_ ("What was signed is recorded first, so that it can be revoked later. Then "
                      "send the certificate back; it is not secret.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart issued[] = {
  { CW_HELP_TEXT, N_ ("This is a certificate that your private CA signed. It can be copied or "
                      "saved again at any time, alone or with its chain.") },
  { CW_HELP_TEXT, N_ ("If its key was lost or stolen, or it is no longer needed, revoke it. That "
                      "cannot be taken back.") },
  { CW_HELP_TEXT,
    N_ ("Servers learn of it from the revocation list of the CA: write a new one, and hand it out. "
        "A server that has no list goes on accepting the certificate until its last day.") },
  { CW_HELP_END, NULL },
};

const CwHelpPage cw_help_authority[] = {
  { "authority", N_ ("Running a Private CA"), authority, LIST ("sign", "issued", "moving"), NULL,
    NULL },
  { "sign", N_ ("Signing a Request"), sign, LIST ("authority"), NULL, NULL },
  { "issued", N_ ("What Was Signed"), issued, LIST ("authority", "report-revocation"), NULL, NULL },
  { NULL, NULL, NULL, NULL, NULL, NULL },
};
