/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: everything that a connection test knows and has seen, and
 * what is made of it.
 */

#pragma once

#include "cw-answer.h"
#include "cw-connection-test.h"
#include "cw-dial.h"
#include "cw-handshake.h"

G_BEGIN_DECLS

/* The two connections. */
enum
{
  CW_WITHOUT,
  CW_WITH,
  CW_N_CONNECTIONS,
};

/**
 * CwTrial:
 * @key, @chain: (nullable): what is tested: both or none
 * @chosen, @reply, @file: (element-type CwCertificate): the CAs of each choice
 * @beside_system: whether the system's count beside those
 * @trust: @chosen, or the system's, or both
 * @dials, @handshakes, @answers: (nullable): what was seen of each connection
 * @working_choice, @offered_ca: as in #CwConnectionResult
 * @lacks_intermediate: whether the server would be verified if it had sent what
 *   is known here
 * @evidence: a list of #CwFinding
 */
typedef struct
{
  CwEndpoint *endpoint;
  CwKey *key;
  CwChain *chain;
  gboolean verify_server;
  char *topic;
  char *payload;
  char *client_id;
  char *user_name;
  gboolean beside_system;
  GPtrArray *chosen;
  GPtrArray *reply;
  GPtrArray *file;
  CwTrust *trust;

  CwDial *dials[CW_N_CONNECTIONS];
  CwHandshake *handshakes[CW_N_CONNECTIONS];
  CwAnswer *answers[CW_N_CONNECTIONS];
  CwTrustChoice working_choice;
  CwCertificate *offered_ca;
  gboolean lacks_intermediate;
  GListStore *evidence;
} CwTrial;

/**
 * cw_trial_judge_server:
 *
 * Returns: (nullable): the id of the verdict on what the server presented in
 *   connection @i; %NULL if it is verified, or did not come to that
 */
const char *cw_trial_judge_server (CwTrial *self, guint i);

/* Whether the consumer goes no further, with that verdict on the server. */
gboolean cw_trial_stops_at (CwTrial *self, const char *server_verdict);

/**
 * cw_trial_judge_way:
 *
 * Returns: (nullable): the id of the verdict if connection @i failed for a
 *   reason that has nothing to do with the certificate and that another try
 *   would meet too; %NULL if it did not
 */
const char *cw_trial_judge_way (CwTrial *self, guint i);

/* The id of the verdict on connection @i, for itself. */
const char *cw_trial_judge (CwTrial *self, guint i);

/* The id of the verdict on all of it. */
const char *cw_trial_judge_all (CwTrial *self);

/**
 * cw_trial_explain:
 * @i: the connection that it is about
 *
 * Returns: (transfer full): the verdict of that id in words
 */
CwFinding *cw_trial_explain (CwTrial *self, const char *id, guint i);

/* Whether the certificate that is tested has no CA that a server could know. */
gboolean cw_trial_is_self_signed (CwTrial *self);

/* (transfer full): the CAs that the server says it accepts, as a list for a sentence. */
char *cw_trial_list_accepted (CwHandshake *handshake);

/* Adds what was seen of connection @i to the evidence. */
void cw_trial_note (CwTrial *self, guint i);

G_END_DECLS
