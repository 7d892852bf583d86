/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-certificate.h"

G_BEGIN_DECLS

/**
 * CwChain:
 *
 * A certificate and those above it, leaf first, up to a root or as far as they
 * are known. Immutable.
 */
#define CW_TYPE_CHAIN (cw_chain_get_type ())
G_DECLARE_FINAL_TYPE (CwChain, cw_chain, CW, CHAIN, GObject)

/**
 * cw_chain_new:
 * @leaf: where it starts
 * @candidates: (element-type CwCertificate) (nullable): in any order, with
 *   anything else among them
 * @at: (nullable): for which moment; %NULL for now
 *
 * Builds the paths that names and signatures permit among @candidates, and
 * keeps the best: one that a server accepts at @at before one that it does not,
 * one up to a root before one that stops on the way, a shorter before a longer,
 * a newer before an older one. May take some hundredths of a second: call it in
 * a thread.
 */
CwChain *cw_chain_new (CwCertificate *leaf, GPtrArray *candidates, GDateTime *at);

CwCertificate *cw_chain_get_leaf (CwChain *self); /* (transfer none) */

/**
 * cw_chain_get_certificates:
 *
 * Returns: (transfer none) (element-type CwCertificate): leaf first, with the
 *   root if it is there
 */
GPtrArray *cw_chain_get_certificates (CwChain *self);

/**
 * cw_chain_is_complete:
 *
 * Whether it ends in a self-signed certificate.
 */
gboolean cw_chain_is_complete (CwChain *self);

/**
 * cw_chain_get_missing_issuer:
 *
 * Returns: (transfer none) (nullable): the name of the issuer that is not
 *   there; %NULL if the chain is complete
 */
CwSubject *cw_chain_get_missing_issuer (CwChain *self);

/**
 * cw_chain_get_fetchable:
 *
 * Returns: (transfer none) (nullable): the certificate at its end, if the chain
 *   is not complete and that one says where its issuer's can be fetched
 */
CwCertificate *cw_chain_get_fetchable (CwChain *self);

/**
 * cw_chain_verify:
 * @at: (nullable): for which moment; %NULL for now
 * @depth: (out) (optional): on failure, which certificate of the chain it is
 *   about, 0 being the leaf
 * @error: %CW_ERROR_MISMATCH with a sentence for OpenSSL's code, its own words
 *   as details
 *
 * Verifies the path with OpenSSL as a TLS server would that trusts the chain's
 * last certificate (X509_verify_cert(3), purpose sslclient, partial chain).
 */
gboolean cw_chain_verify (CwChain *self, GDateTime *at, guint *depth, GError **error);

/**
 * cw_chain_explain_refusal:
 * @depth: a certificate of the chain, 0 being the leaf
 *
 * As a client's; as a server's if the leaf's usages permit nothing else.
 *
 * Returns: (transfer full) (nullable): why OpenSSL would refuse the chain for
 *   the sake of that certificate, its dates apart; %NULL if it would not
 */
char *cw_chain_explain_refusal (CwChain *self, guint depth);

/**
 * cw_chain_to_pem:
 * @with_root: whether a self-signed certificate at its end is written too
 *
 * Returns: (transfer full): leaf, then its intermediates
 */
char *cw_chain_to_pem (CwChain *self, gboolean with_root);

/**
 * cw_chain_cas_to_pem:
 *
 * Returns: (transfer full) (nullable): the CAs above the leaf, to trust a server
 *   by; %NULL without a root, since OpenSSL trusts nothing that does not end in
 *   one
 */
char *cw_chain_cas_to_pem (CwChain *self);

G_END_DECLS
