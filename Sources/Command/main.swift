import Machine

ThisProcess.harden()
Interruption.watch()
ThisProcess.exit(CommandLineRun(Array(CommandLine.arguments.dropFirst())).run())
