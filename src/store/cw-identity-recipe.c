/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-endpoint.h"
#include "cw-identity-recipe.h"
#include "cw-output.h"

#define DAY (G_TIME_SPAN_DAY / G_USEC_PER_SEC)

gboolean
cw_identity_has_recipe (CwIdentity *self, CwRecipePart part)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), FALSE);

  if (cw_identity_get_is_authority (self))
    return part == CW_RECIPE_SIGN;

  return part <= CW_RECIPE_SIGN || cw_identity_get_state (self, NULL) != CW_IDENTITY_DRAFT;
}

CwRecipePart
cw_identity_get_first_recipe (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), CW_RECIPE_REQUEST);

  if (cw_identity_get_is_authority (self))
    return CW_RECIPE_SIGN;
  if (cw_identity_get_chain (self) != NULL)
    return CW_RECIPE_VERIFY;

  return cw_identity_get_signer (self) == CW_SIGNER_SELF ? CW_RECIPE_SELF_SIGN : CW_RECIPE_REQUEST;
}

/* For anybody's request: what stands in it is taken from the request itself. */
static CwRequest *
make_any_request (void)
{
  CwRequest *request = cw_request_new ();

  cw_subject_append (cw_request_get_subject (request), "CN", "client");

  return request;
}

static const char *
get_scheme (CwProfile *profile)
{
  return profile != NULL ? cw_profile_get_test_schemes (profile)[0]
                         : cw_scheme_get_name (CW_SCHEME_HTTPS);
}

/* 0 for a CA that is not made yet; one that has ended signs nothing, whatever stands there. */
static guint
count_days_left (CwIdentity *authority)
{
  CwChain *chain = authority != NULL ? cw_identity_get_chain (authority) : NULL;
  gint64 left;

  if (chain == NULL)
    return 0;
  left = g_date_time_to_unix (cw_certificate_get_not_after (cw_chain_get_leaf (chain))) -
         g_get_real_time () / G_USEC_PER_SEC;

  return (guint) MAX (left / DAY, 1);
}

/* Where nobody has said yet which server it is. */
static char *
make_up_url (CwProfile *profile)
{
  const guint port = profile != NULL ? cw_profile_get_test_port (profile) : 0;
  g_autofree char *suffix = port != 0 ? g_strdup_printf (":%u", port) : g_strdup ("");

  return g_strdup_printf ("%s://server.example.com%s", get_scheme (profile), suffix);
}

static gboolean
read_address (CwIdentity *self, CwProfile *profile, const char *address, char **url, GError **error)
{
  CwScheme scheme = CW_SCHEME_HTTPS;
  const char *text = address != NULL ? address : cw_identity_get_address (self);
  g_autoptr (CwEndpoint) endpoint = NULL;

  cw_scheme_from_name (get_scheme (profile), &scheme);
  if (text != NULL && *text != '\0')
    endpoint = cw_endpoint_new (text, scheme, address != NULL ? error : NULL);
  *url = endpoint != NULL ? g_strdup (cw_endpoint_to_string (endpoint)) : make_up_url (profile);

  /* What was stored half typed is passed over: there is an example in its place. */
  return endpoint != NULL || address == NULL;
}

char *
cw_identity_dup_address (CwIdentity *self, CwProfile *profile)
{
  g_autoptr (CwEndpoint) endpoint = NULL;
  const char *text;

  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);
  g_return_val_if_fail (CW_IS_PROFILE (profile), NULL);

  text = cw_identity_get_address (self);
  if (text != NULL)
    endpoint = cw_output_read_address (profile, text, NULL);
  return endpoint != NULL ? g_strdup (cw_endpoint_to_string (endpoint)) : NULL;
}

CwRecipe *
cw_identity_create_recipe (CwIdentity *self,
                           CwIdentity *authority,
                           CwProfile *profile,
                           const char *address,
                           const char *server_cas,
                           CwRecipePart part,
                           GError **error)
{
  g_autoptr (CwRequest) any = make_any_request ();
  g_autofree char *title = NULL;
  g_autofree char *url = NULL;
  CwRecipeCase input = { NULL };

  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);
  g_return_val_if_fail (authority == NULL || CW_IS_IDENTITY (authority), NULL);
  g_return_val_if_fail (profile == NULL || CW_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!read_address (self, profile, address, &url, error))
    return NULL;

  title = cw_identity_get_title (self);
  input.url = url;
  input.topic = profile != NULL ? cw_profile_get_test_topic (profile) : NULL;
  input.payload = profile != NULL ? cw_profile_get_test_payload (profile) : NULL;
  input.chain = cw_identity_get_chain (self);
  input.id = input.chain != NULL ? cw_identity_get_id (self) : NULL;
  input.server_cas = server_cas;
  input.own_server_cas = server_cas != NULL
                             ? !g_str_equal (server_cas, "system")
                             : cw_identity_get_server_cas (self) != CW_SERVER_CAS_SYSTEM;
  if (cw_identity_get_is_authority (self))
    {
      input.request = any;
      input.authority = cw_identity_get_request (self);
      input.authority_days = count_days_left (self);
      input.authority_is_kept = input.chain != NULL;
    }
  else
    {
      input.title = title;
      input.request = cw_identity_get_request (self);
      input.authority = authority != NULL ? cw_identity_get_request (authority) : NULL;
      input.authority_days = count_days_left (authority);
      input.authority_is_kept = authority != NULL;
    }

  return cw_recipe_new (part, &input, error);
}
