/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-identity.h"

G_BEGIN_DECLS

/**
 * CwStep:
 *
 * The wizard's pages, in the order of the journey.
 */
typedef enum
{
  CW_STEP_PURPOSE,
  CW_STEP_SUBJECT,
  CW_STEP_KEY,
  CW_STEP_REVIEW,
  CW_STEP_REQUEST,
  CW_STEP_REPLY,
  CW_STEP_TEST,
  CW_STEP_USE,
} CwStep;

#define CW_N_STEPS (CW_STEP_USE + 1)

/**
 * CwStation:
 *
 * What the journey bar shows: several steps may belong to one station, and
 * one, the pause at the CA, has none.
 */
typedef enum
{
  CW_STATION_PURPOSE,
  CW_STATION_SUBJECT,
  CW_STATION_KEY,
  CW_STATION_REQUEST,
  CW_STATION_AT_CA,
  CW_STATION_REPLY,
  CW_STATION_TEST,
  CW_STATION_USE,
} CwStation;

#define CW_N_STATIONS (CW_STATION_USE + 1)

/* The step's stable name, as it is stored and as its page is called. */
const char *cw_step_get_name (CwStep step);

/* The station that a step belongs to. */
CwStation cw_step_get_station (CwStep step);

/* Translated: "What For", "Who", "Key", "Request", "At the CA", "Reply", "Test", "Use". */
const char *cw_station_get_title (CwStation station);

/* A pause is drawn, but not counted. */
gboolean cw_station_is_pause (CwStation station);

/**
 * cw_flow_has_station:
 *
 * Returns: whether the journey of @identity passes there: what is signed here
 *   goes to no CA, and a private CA is not used but signs
 */
gboolean cw_flow_has_station (CwIdentity *identity, CwStation station);

/**
 * cw_flow_get_station_title:
 *
 * Returns: as cw_station_get_title(), but what is signed here makes a
 *   certificate where else a request is made
 */
const char *cw_flow_get_station_title (CwIdentity *identity, CwStation station);

/**
 * cw_flow_get_start:
 *
 * Returns: the step that @identity needs next: where its draft stopped; the
 *   reply while it waits; its use once it is ready
 */
CwStep cw_flow_get_start (CwIdentity *identity);

/**
 * cw_flow_get_next:
 * @next: (out): set only if there is one
 *
 * Returns: whether a step follows @step, given @identity's state
 */
gboolean cw_flow_get_next (CwIdentity *identity, CwStep step, CwStep *next);

/**
 * cw_flow_get_previous:
 * @previous: (out): set only if there is one
 *
 * Returns: whether Back leads to another step of this identity
 */
gboolean cw_flow_get_previous (CwIdentity *identity, CwStep step, CwStep *previous);

/**
 * cw_flow_can_visit:
 * @current: the step on the screen
 *
 * Returns: whether the journey bar leads from @current to @step
 */
gboolean cw_flow_can_visit (CwIdentity *identity, CwStep current, CwStep step);

/**
 * cw_flow_is_done:
 *
 * Returns: whether a station lies behind, given @identity's state and the step
 *   on the screen
 */
gboolean cw_flow_is_done (CwIdentity *identity, CwStep current, CwStation station);

/**
 * cw_flow_is_editable:
 *
 * Returns: whether @step may still change @identity: what was asked for is
 *   fixed once the request exists
 */
gboolean cw_flow_is_editable (CwIdentity *identity, CwStep step);

G_END_DECLS
