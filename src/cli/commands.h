/* Every subcommand: a file of src/cli/ each, or two that belong together. */
#ifndef GATEHOUSE_CLI_COMMANDS_H
#define GATEHOUSE_CLI_COMMANDS_H

struct command;

extern const struct command config_command;
extern const struct command doctor_command;
extern const struct command keys_create;
extern const struct command user_create;
extern const struct command user_delete;
extern const struct command source_list;
extern const struct command server_list;
extern const struct command token_create;
extern const struct command token_list;
extern const struct command token_end;
extern const struct command grant_list;
extern const struct command grant_end;
extern const struct command audit_export;
extern const struct command audit_trim;
extern const struct command pin_add;
extern const struct command pin_list;
extern const struct command pin_drop;
extern const struct command ingest_command;
extern const struct command import_command;

#endif
