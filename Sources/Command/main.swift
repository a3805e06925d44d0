import Machine

Surroundings.hardenProcess()
Interruption.watch()
Surroundings.exit(CommandLineRun(Array(CommandLine.arguments.dropFirst())).run())
