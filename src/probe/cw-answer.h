/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to probe: how a service answered on a connection.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CwOutcome:
 * @CW_OUTCOME_ANSWERED: in the words of its protocol
 * @CW_OUTCOME_CLOSED: the connection ended, in the handshake or after it
 * @CW_OUTCOME_TIMED_OUT: nothing came, in the handshake or after it
 * @CW_OUTCOME_GARBAGE: what came is not of the protocol
 * @CW_OUTCOME_ENDLESS: more came than can be meant
 * @CW_OUTCOME_CANCELLED: by the person
 * @CW_OUTCOME_NOT_USED: the key pair cannot be used: no connection was made
 * @CW_OUTCOME_NO_LIBRARY: what speaks the protocol is not installed
 */
typedef enum
{
  CW_OUTCOME_ANSWERED,
  CW_OUTCOME_CLOSED,
  CW_OUTCOME_TIMED_OUT,
  CW_OUTCOME_GARBAGE,
  CW_OUTCOME_ENDLESS,
  CW_OUTCOME_CANCELLED,
  CW_OUTCOME_NOT_USED,
  CW_OUTCOME_NO_LIBRARY,
} CwOutcome;

/**
 * CwAnswer:
 * @code: HTTP's status, or MQTT's CONNACK
 * @page: (nullable): for HTTP, the beginning of what came with it
 * @upgrade_fits: for a WebSocket, whether the 101 is RFC 6455's
 * @published: for MQTT, whether the message was confirmed
 * @error: (nullable): why it was not answered, in the library's words
 */
typedef struct
{
  CwOutcome outcome;
  long code;
  GString *page;
  gboolean upgrade_fits;
  gboolean published;
  GError *error;
} CwAnswer;

void cw_answer_free (CwAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwAnswer, cw_answer_free)

G_END_DECLS
