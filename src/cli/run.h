/* Runs a subcommand: reads its options and gets ready what it needs. */
#ifndef GATEHOUSE_CLI_RUN_H
#define GATEHOUSE_CLI_RUN_H

#include "core/fault.h"

struct arena;
struct command;

/* arguments: the last word of the command, its options and its operands.
 * Faults: BAD_REQUEST for wrong usage, and whatever the command fails with. */
CAN_FAIL command_run(struct arena *mem, const struct command *command,
                     int count, char **arguments);

#endif
