import Machine
import Testing

@Suite struct LockTests {
    @Test func `G24 a lock excludes others and names its holder`() throws {
        try withFolder { folder in
            let path = "\(folder)/lock"
            let held = try Lock.take(path, purpose: "the service")
            let holder = #expect(throws: Lock.Holder.self) { _ = try Lock.take(path, purpose: "a verb") }
            #expect(holder?.process == ThisProcess.identifier)
            #expect(holder?.purpose == "the service")
            #expect(Folder.facts(path)?.mode == 0o600)
            keep(held)
        }
    }

    @Test func `a lock ends with its owner`() throws {
        try withFolder { folder in
            let path = "\(folder)/lock"
            for turn in 1...3 {
                let held = try Lock.take(path, purpose: "turn \(turn)", waitingMilliseconds: 10_000)
                let holder = #expect(throws: Lock.Holder.self) { _ = try Lock.take(path, purpose: "a verb") }
                #expect(holder?.purpose == "turn \(turn)")
                keep(held)
            }
        }
    }

    @Test func `locks on two files have nothing to do with each other`() throws {
        try withFolder { folder in
            let one = try Lock.take("\(folder)/one", purpose: "one")
            let other = try Lock.take("\(folder)/other", purpose: "other")
            keep(one)
            keep(other)
        }
    }

    @Test func `a shorter purpose leaves nothing of a longer one`() throws {
        try withFolder { folder in
            let path = "\(folder)/lock"
            keep(try Lock.take(path, purpose: "a purpose with many words"))
            let held = try Lock.take(path, purpose: "b", waitingMilliseconds: 10_000)
            let pid = ThisProcess.identifier
            #expect(try String(decoding: Folder.read(path), as: UTF8.self) == "\(pid)\nb\n")
            keep(held)
        }
    }

    @Test func `T22 a lock is taken through no link`() throws {
        try withFolder { folder in
            try Folder.replace("\(folder)/target", with: [1])
            try link("\(folder)/lock", to: "\(folder)/target")
            let error = #expect(throws: MachineError.self) { _ = try Lock.take("\(folder)/lock", purpose: "x") }
            #expect(error?.action == "open")
            #expect(try Folder.read("\(folder)/target") == [1])
        }
    }

    @Test func `a lock where no file can be is an error and no holder`() throws {
        try withFolder { folder in
            let error = #expect(throws: MachineError.self) { _ = try Lock.take("\(folder)/no/lock", purpose: "x") }
            #expect(error?.isMissing == true)
        }
    }

    /// Until here, whatever the optimiser thinks.
    private func keep(_ lock: consuming Lock) {}
}
