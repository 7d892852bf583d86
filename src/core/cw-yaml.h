/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A YAML map of strings, written and read with libyaml. What is secret never
 * gets into libyaml, whose buffers cannot be wiped: of a private key it writes
 * only the first line, and reads "A" for each character.
 */

#pragma once

#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwYamlEntry:
 * @name: the key; plain text of one line
 * @value: (nullable): its value, if that is public; ends in a line break if it is PEM
 * @secret: (nullable): its value, if that is a private key in PEM
 *
 * One line of the map.
 */
typedef struct
{
  char *name;
  char *value;
  CwSecret *secret;
} CwYamlEntry;

CwYamlEntry *cw_yaml_entry_new (const char *name, const char *value, CwSecret *secret);
void cw_yaml_entry_free (CwYamlEntry *entry);

/**
 * cw_yaml_write:
 * @comment: one line, without "#"
 * @entries: (element-type CwYamlEntry): at least one
 * @error: %CW_ERROR_FAILED
 *
 * Writes a comment and one document, without markers, so that it can be pasted
 * among other keys. Values of several lines are literal blocks; a value of one
 * line is quoted if a YAML reader might take it for anything but a string.
 */
CwSecret *cw_yaml_write (const char *comment, GPtrArray *entries, GError **error);

/**
 * cw_yaml_read:
 * @text: what was written
 * @error: %CW_ERROR_MISMATCH unless it is exactly one document that is a map
 *   of strings without tags, anchors or duplicate keys
 *
 * Returns: (transfer full) (element-type CwYamlEntry): what is in it, in order;
 *   values with a private key are in @secret
 */
GPtrArray *cw_yaml_read (CwSecret *text, GError **error);

/**
 * cw_yaml_get_spans:
 *
 * Returns: (transfer full) (element-type CwOutputSpan): as cw_output_get_spans();
 *   up to the first mistake if @text is no YAML
 */
GArray *cw_yaml_get_spans (CwSecret *text);

/**
 * cw_yaml_mask:
 * @mark: what stands for each character of the private keys in @text
 *
 * Returns: (transfer full): the text without them, its lines where they were
 */
CwSecret *cw_yaml_mask (CwSecret *text, const char *mark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwYamlEntry, cw_yaml_entry_free)

G_END_DECLS
