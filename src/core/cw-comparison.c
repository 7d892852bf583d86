/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-comparison.h"
#include "cw-date.h"
#include "cw-text.h"
#include "cw-usage.h"

struct _CwComparisonRow
{
  GObject parent;

  char *title;
  char *asked;
  char *got;
  CwComparisonState state;
};

G_DEFINE_FINAL_TYPE (CwComparisonRow, cw_comparison_row, G_TYPE_OBJECT)

/* One thing that is asked for or there: @type says which ones may stand for one another. */
typedef struct
{
  char *type;
  char *value;
  char *title;
  char *text;
  CwAltName *name; /* only of an alternative name */
  gboolean paired;
} Field;

static void
field_free (Field *field)
{
  g_free (field->type);
  g_free (field->value);
  g_free (field->title);
  g_free (field->text);
  g_clear_object (&field->name);
  g_free (field);
}

static GPtrArray *
field_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) field_free);
}

static gboolean
field_equal (const Field *a, const Field *b)
{
  if (a->name != NULL && b->name != NULL)
    return cw_alt_name_equal (a->name, b->name);
  return cw_attribute_equal (a->type, a->value, b->type, b->value);
}

static GPtrArray *
list_attributes (CwSubject *subject)
{
  GPtrArray *fields = field_list_new ();
  for (guint i = 0; i < cw_subject_get_n_attributes (subject); i++)
    {
      Field *field = g_new0 (Field, 1);
      field->type = g_strdup (cw_subject_get_attribute_type (subject, i));
      field->value = g_strdup (cw_subject_get_attribute_value (subject, i));
      const CwAttributeType *known = cw_attribute_type_find (field->type);
      field->title = g_strdup (known != NULL ? _ (known->title) : field->type);
      field->text = cw_text_clean (field->value);
      g_ptr_array_add (fields, field);
    }
  return fields;
}

static GPtrArray *
list_alt_names (GListModel *names)
{
  GPtrArray *fields = field_list_new ();
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      Field *field = g_new0 (Field, 1);
      field->name = g_list_model_get_item (names, i);
      CwAltNameKind kind = cw_alt_name_get_kind (field->name);
      field->type = g_strdup (cw_alt_name_kind_get_id (kind));
      field->value = g_strdup (cw_alt_name_get_value (field->name));
      field->title = g_strdup (cw_alt_name_kind_get_title (kind));
      field->text = cw_text_clean (field->value);
      g_ptr_array_add (fields, field);
    }
  return fields;
}

/* A usage is there or not; none stands for another, so each is a type of its own. */
static GPtrArray *
list_usages (const char *const *usages)
{
  GPtrArray *fields = field_list_new ();
  for (guint i = 0; usages != NULL && usages[i] != NULL; i++)
    {
      Field *field = g_new0 (Field, 1);
      field->type = g_strdup (usages[i]);
      field->value = g_strdup (usages[i]);
      field->title = g_strdup (_ ("Usage"));
      field->text = g_strdup (cw_usage_get_title (usages[i]));
      g_ptr_array_add (fields, field);
    }
  return fields;
}

static void
append_row (GListStore *rows,
            const char *title,
            const char *asked,
            const char *got,
            CwComparisonState state)
{
  g_autoptr (CwComparisonRow) row = g_object_new (CW_TYPE_COMPARISON_ROW, NULL);
  row->title = g_strdup (title);
  row->asked = g_strdup (asked);
  row->got = g_strdup (got);
  row->state = state;
  g_list_store_append (rows, row);
}

static Field *
find_equal (GPtrArray *fields, const Field *wanted)
{
  for (guint i = 0; i < fields->len; i++)
    {
      Field *field = g_ptr_array_index (fields, i);
      if (!field->paired && field_equal (field, wanted))
        return field;
    }
  return NULL;
}

/* What took the place of @wanted: one of its type that nobody asked for. */
static Field *
find_substitute (GPtrArray *fields, const Field *wanted)
{
  for (guint i = 0; i < fields->len; i++)
    {
      Field *field = g_ptr_array_index (fields, i);
      if (!field->paired && g_str_equal (field->type, wanted->type))
        return field;
    }
  return NULL;
}

/* Equal ones first, so that a substitute is never what something else is equal to. */
static void
pair (GPtrArray *asked, GPtrArray *got, Field *pairs[])
{
  for (guint i = 0; i < asked->len; i++)
    {
      pairs[i] = find_equal (got, g_ptr_array_index (asked, i));
      if (pairs[i] != NULL)
        pairs[i]->paired = TRUE;
    }
  for (guint i = 0; i < asked->len; i++)
    if (pairs[i] == NULL)
      {
        pairs[i] = find_substitute (got, g_ptr_array_index (asked, i));
        if (pairs[i] != NULL)
          pairs[i]->paired = TRUE;
      }
}

static void
append_fields (GListStore *rows, GPtrArray *asked, GPtrArray *got)
{
  g_autofree Field **pairs = g_new0 (Field *, asked->len + 1);
  pair (asked, got, pairs);

  for (guint i = 0; i < asked->len; i++)
    {
      Field *wanted = g_ptr_array_index (asked, i);
      CwComparisonState state = CW_COMPARISON_MISSING;
      if (pairs[i] != NULL)
        state = field_equal (wanted, pairs[i]) ? CW_COMPARISON_SAME : CW_COMPARISON_CHANGED;
      append_row (rows, wanted->title, wanted->text, pairs[i] != NULL ? pairs[i]->text : NULL,
                  state);
    }
  for (guint i = 0; i < got->len; i++)
    {
      Field *field = g_ptr_array_index (got, i);
      if (!field->paired)
        append_row (rows, field->title, NULL, field->text, CW_COMPARISON_ADDED);
    }
}

/* A certificate without the extension permits what was asked for with all the rest. */
static void
append_usages (GListStore *rows, CwRequest *request, CwCertificate *certificate)
{
  const char *const *there = cw_certificate_get_usages (certificate);
  g_autoptr (GPtrArray) asked = list_usages (cw_request_get_usages (request));
  g_autoptr (GPtrArray) got = list_usages (there);
  if (there != NULL)
    append_fields (rows, asked, got);
  for (guint i = 0; there == NULL && i < asked->len; i++)
    {
      Field *field = g_ptr_array_index (asked, i);
      append_row (rows, field->title, field->text, _ ("Every usage"), CW_COMPARISON_SAME);
    }
}

/* A key of another kind that was brought along is not named in the request. */
static void
append_key (GListStore *rows, CwRequest *request, CwCertificate *certificate)
{
  CwKeyKind kind = cw_request_get_key_kind (request);
  const char *asked = kind != CW_KEY_KIND_OTHER ? cw_key_kind_get_title (kind) : NULL;
  const char *got = cw_certificate_get_key_title (certificate);
  gboolean same = asked == NULL || g_str_equal (asked, got);
  append_row (rows, _ ("Key"), asked, got, same ? CW_COMPARISON_SAME : CW_COMPARISON_CHANGED);
}

static void
append_validity (GListStore *rows, CwCertificate *certificate)
{
  g_autofree char *from = cw_date_format_day (cw_certificate_get_not_before (certificate));
  g_autofree char *until = cw_date_format_day (cw_certificate_get_not_after (certificate));
  /* Translators: the first and the last day: "3 May 2026 – 3 May 2027" */
  g_autofree char *text = g_strdup_printf (C_ ("dates", "%s – %s"), from, until);
  append_row (rows, _ ("Valid"), NULL, text, CW_COMPARISON_SAME);
}

static void
cw_comparison_row_finalize (GObject *object)
{
  CwComparisonRow *self = CW_COMPARISON_ROW (object);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->asked, g_free);
  g_clear_pointer (&self->got, g_free);

  G_OBJECT_CLASS (cw_comparison_row_parent_class)->finalize (object);
}

static void
cw_comparison_row_class_init (CwComparisonRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_comparison_row_finalize;
}

static void
cw_comparison_row_init (CwComparisonRow *self)
{
}

const char *
cw_comparison_row_get_title (CwComparisonRow *self)
{
  g_return_val_if_fail (CW_IS_COMPARISON_ROW (self), NULL);

  return self->title;
}

const char *
cw_comparison_row_get_asked (CwComparisonRow *self)
{
  g_return_val_if_fail (CW_IS_COMPARISON_ROW (self), NULL);

  return self->asked;
}

const char *
cw_comparison_row_get_got (CwComparisonRow *self)
{
  g_return_val_if_fail (CW_IS_COMPARISON_ROW (self), NULL);

  return self->got;
}

CwComparisonState
cw_comparison_row_get_state (CwComparisonRow *self)
{
  g_return_val_if_fail (CW_IS_COMPARISON_ROW (self), CW_COMPARISON_SAME);

  return self->state;
}

GListModel *
cw_comparison_new (CwRequest *asked, CwCertificate *got)
{
  g_return_val_if_fail (CW_IS_REQUEST (asked), NULL);
  g_return_val_if_fail (CW_IS_CERTIFICATE (got), NULL);

  GListStore *rows = g_list_store_new (CW_TYPE_COMPARISON_ROW);
  g_autoptr (GPtrArray) asked_attributes = list_attributes (cw_request_get_subject (asked));
  g_autoptr (GPtrArray) got_attributes = list_attributes (cw_certificate_get_subject (got));
  g_autoptr (GPtrArray) asked_names = list_alt_names (cw_request_get_alt_names (asked));
  g_autoptr (GPtrArray) got_names = list_alt_names (cw_certificate_get_alt_names (got));

  append_fields (rows, asked_attributes, got_attributes);
  append_fields (rows, asked_names, got_names);
  append_usages (rows, asked, got);
  append_key (rows, asked, got);
  append_validity (rows, got);
  return G_LIST_MODEL (rows);
}
