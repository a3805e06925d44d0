import Machine

/// What pieces of work took together: the time that passed, and the time that processors worked for this process. On a
/// machine that has other things to do, only the second can be compared.
struct Effort {
    private(set) var passed = Duration.zero
    private(set) var processorNanoseconds: Int64 = 0

    mutating func add(_ work: () throws -> Void) rethrows {
        let before = ThisProcess.processorNanoseconds
        passed += try ContinuousClock().measure(work)
        processorNanoseconds += ThisProcess.processorNanoseconds - before
    }

    static func of(_ work: () throws -> Void) rethrows -> Effort {
        var effort = Effort()
        try effort.add(work)
        return effort
    }
}
