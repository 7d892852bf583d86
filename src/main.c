/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-application.h"
#include "cw-start.h"

int
main (int argc, char *argv[])
{
  g_autoptr (CwApplication) app = NULL;

  cw_start ();

  app = cw_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
