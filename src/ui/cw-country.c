/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libintl.h>

#include <glib/gi18n-lib.h>

#include "cw-country.h"

#define ISO_DOMAIN "iso_3166"

struct _CwCountry
{
  GObject parent_instance;

  char *code;
  char *name;
};

G_DEFINE_FINAL_TYPE (CwCountry, cw_country, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
};

static void
cw_country_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_NAME)
    g_value_set_string (value, CW_COUNTRY (object)->name);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
cw_country_finalize (GObject *object)
{
  CwCountry *self = CW_COUNTRY (object);

  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (cw_country_parent_class)->finalize (object);
}

static void
cw_country_class_init (CwCountryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = cw_country_get_property;
  object_class->finalize = cw_country_finalize;

  /* What a drop-down shows and searches. */
  g_object_class_install_property (
      object_class, PROP_NAME,
      g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
cw_country_init (CwCountry *self)
{
}

static CwCountry *
country_new (const char *code, char *name)
{
  CwCountry *self = g_object_new (CW_TYPE_COUNTRY, NULL);

  self->code = g_strdup (code);
  self->name = name;
  return self;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  CwCountry *const *x = a;
  CwCountry *const *y = b;

  return g_utf8_collate ((*x)->name, (*y)->name);
}

static void
start_element_cb (GMarkupParseContext *context,
                  const char *element,
                  const char **names,
                  const char **values,
                  gpointer user_data,
                  GError **error)
{
  GPtrArray *countries = user_data;
  const char *code = NULL, *name = NULL, *common = NULL;

  if (!g_str_equal (element, "iso_3166_entry"))
    return;

  for (gsize i = 0; names[i]; i++)
    {
      if (g_str_equal (names[i], "alpha_2_code"))
        code = values[i];
      else if (g_str_equal (names[i], "name"))
        name = values[i];
      else if (g_str_equal (names[i], "common_name"))
        common = values[i];
    }
  if (!code || !name)
    return;

  /* "Bolivia" rather than "Bolivia, Plurinational State of" */
  name = g_dgettext (ISO_DOMAIN, common ? common : name);
  /* Translators: a country's name, then its two-letter code: "Germany (DE)" */
  g_ptr_array_add (countries, country_new (code, g_strdup_printf (_ ("%s (%s)"), name, code)));
}

const char *
cw_country_get_code (CwCountry *self)
{
  g_return_val_if_fail (CW_IS_COUNTRY (self), NULL);

  return self->code;
}

const char *
cw_country_get_name (CwCountry *self)
{
  g_return_val_if_fail (CW_IS_COUNTRY (self), NULL);

  return self->name;
}

GListModel *
cw_countries_load (void)
{
  static const GMarkupParser parser = { .start_element = start_element_cb };
  g_autoptr (GPtrArray) countries = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GMarkupParseContext) context = NULL;
  g_autoptr (CwCountry) none = NULL;
  g_autofree char *text = NULL;
  GListStore *list;
  gsize length;

  bindtextdomain (ISO_DOMAIN, ISO_CODES_PREFIX "/share/locale");
  bind_textdomain_codeset (ISO_DOMAIN, "UTF-8");

  if (g_file_get_contents (ISO_CODES_PREFIX "/share/xml/iso-codes/iso_3166.xml", &text, &length,
                           NULL))
    {
      context = g_markup_parse_context_new (&parser, 0, countries, NULL);
      g_markup_parse_context_parse (context, text, length, NULL);
      g_ptr_array_sort (countries, compare_names);
    }

  list = g_list_store_new (CW_TYPE_COUNTRY);
  none = country_new ("", g_strdup (C_ ("country", "None")));
  g_list_store_append (list, none);
  if (countries->len > 0)
    g_list_store_splice (list, 1, 0, countries->pdata, countries->len);

  return G_LIST_MODEL (list);
}

gboolean
cw_countries_find (GListModel *countries, const char *code, guint *position)
{
  g_return_val_if_fail (G_IS_LIST_MODEL (countries), FALSE);
  g_return_val_if_fail (code != NULL, FALSE);

  for (guint i = 0; i < g_list_model_get_n_items (countries); i++)
    {
      g_autoptr (CwCountry) country = g_list_model_get_item (countries, i);

      if (g_ascii_strcasecmp (country->code, code) == 0)
        {
          *position = i;
          return TRUE;
        }
    }

  return FALSE;
}
