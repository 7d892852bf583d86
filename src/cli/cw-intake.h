/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files that a command is given, taken apart, and what they are about.
 */

#pragma once

#include "cw-passphrase.h"
#include "cw-report.h"
#include "cw-store.h"

G_BEGIN_DECLS

/**
 * CwIntake:
 * @reply: what is in the files
 * @unread: whether there was a file in which nothing could be read
 * @yours: (element-type CwCertificate): certificates for keys of the store, or of
 *   the files; after cw_intake_assign_roles()
 * @chain: (nullable): the certificate that it is about, with its chain
 * @key_missing: whether nobody knows that certificate's key
 */
typedef struct
{
  CwReply *reply;
  gboolean unread;
  GPtrArray *yours;
  CwChain *chain;
  gboolean key_missing;
} CwIntake;

/**
 * cw_intake_new:
 * @files: (nullable): names of files, folders or "-" for standard input; %NULL
 *   for standard input alone
 * @passphrase: where it would come from
 * @may_ask: whether the person may be asked for it
 * @error: wrong use, or a passphrase that cannot be read
 *
 * Reads everything and opens what is locked, if it can. What cannot be read is
 * among the reply's items.
 */
CwIntake *cw_intake_new (char **files,
                         const CwPassphraseSource *passphrase,
                         gboolean may_ask,
                         GError **error);
void cw_intake_free (CwIntake *self);

/**
 * cw_intake_assign_roles:
 * @store: (nullable): whose keys count as the person's own, besides those of the files
 * @at: (nullable): the moment to choose issuers by; %NULL for now
 *
 * Finds the certificate that it is about: one that is the person's; or else
 * the newest that is not a CA's and has issued none of the others.
 */
void cw_intake_assign_roles (CwIntake *self, CwStore *store, GDateTime *at);

/* Says which chain it is about, of a certificate whose key is known. */
void cw_intake_set_chain (CwIntake *self, CwChain *chain);

/**
 * cw_intake_fetch_issuers:
 * @store: (nullable): as before
 * @at: (nullable): as before
 * @error: as of cw_fetch_issuer_async(); what was fetched before is used
 *
 * After cw_intake_assign_roles(): fetches what the chain lacks from where the
 * certificates say, and gives the roles again. Only if the person said so.
 */
gboolean cw_intake_fetch_issuers (CwIntake *self, CwStore *store, GDateTime *at, GError **error);

/**
 * cw_intake_get_role:
 *
 * Returns: the item's role. Where nobody knows the key, the issuers of the
 *   certificate that it is about have theirs all the same.
 */
CwReplyRole cw_intake_get_role (CwIntake *self, CwReplyItem *item);

/* Whether it is the certificate that the report is about. */
gboolean cw_intake_is_leaf (CwIntake *self, CwReplyItem *item);

/**
 * cw_intake_get_reason:
 *
 * Returns: (transfer none) (nullable): why it is unreadable or still locked,
 *   without the place before it
 */
const char *cw_intake_get_reason (CwReplyItem *item);

/**
 * cw_intake_find_identity:
 *
 * Returns: (transfer none) (nullable): whose certificate it is, in @store
 */
CwIdentity *cw_intake_find_identity (CwIntake *self, CwStore *store);

/**
 * cw_intake_create_report:
 * @store: (nullable): where to look for what had been asked for, and for whether a
 *   private CA that is kept here has revoked it
 */
CwReport *
cw_intake_create_report (CwIntake *self, CwStore *store, CwProfile *profile, GDateTime *at);

/**
 * cw_intake_is_unreadable:
 *
 * Whether something was given that says nothing: a file in which nothing could
 * be read, or an item that is still locked.
 */
gboolean cw_intake_is_unreadable (CwIntake *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwIntake, cw_intake_free)

G_END_DECLS
