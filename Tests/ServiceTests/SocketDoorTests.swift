import Application
import Entries
import Machine
import Testing

@testable import Service

@Suite struct SocketDoorTests {
    @Test func `G24 while a service has the home, requests go to it over the socket`() throws {
        let home = try ServedHome()
        let socket = try SocketDoor(home.household)
        let door = Door(home.folder, home.options)
        let (user, notices) = try door.converse { service in
            #expect(service.isWithService)
            _ = try service.ask(AddUserRequest(user: nil, newName: "Ben"))
            return try service.ask(UsersRequest(user: "Ben")).users.first { $0.isYou }
        }
        #expect(user?.name == "Ben")
        #expect(notices.isEmpty)
        socket.close()
    }

    @Test func `G24 who finds a service without its socket hears what to do`() throws {
        let home = try ServedHome()
        var options = home.options
        options.lockWaitMilliseconds = 0
        let refusal = #expect(throws: Refusal.self) { try Door(home.folder, options).ask(UsersRequest(user: nil)) }
        #expect(refusal?.kind == .locked && refusal?.hint?.contains("--lock-wait") == true)
        options.purpose = "daybook serve"
        try home.household.close()
        let served = try Household(home.folder, options)
        let again = #expect(throws: Refusal.self) { try Door(home.folder, options).ask(UsersRequest(user: nil)) }
        #expect(again?.kind == .locked && again?.hint?.contains("start it anew") == true)
        try served.close()
    }

    @Test func `what takes long for somebody at the socket ends at its next step when the service stops`() throws {
        let home = try ServedHome()
        let socket = try SocketDoor(home.household)
        let entered = Guarded(false)
        let blocker = try Background {
            // Somebody has the home; the other waits for it at the socket.
            try home.household.with { _ in
                entered.with { $0 = true }
                _ = entered.wait { $0 ? nil : true }
            }
        }
        _ = entered.wait { $0 ? true : nil }
        let asked = try Background {
            try Door(home.folder, home.options).converse { try $0.ask(VerifyRequest(kept: [], withViews: true)) }
        }
        socket.hurry()
        entered.with { $0 = false }
        try blocker.wait()
        #expect(throws: Refusal.self) { try asked.wait() }
        socket.close()
    }

    @Test func `a refusal comes back as it is`() throws {
        let home = try ServedHome()
        let socket = try SocketDoor(home.household)
        let refusal = #expect(throws: Refusal.self) {
            try Door(home.folder, home.options).converse { try $0.ask(UsersRequest(user: "Nobody")) }
        }
        #expect(refusal?.kind == .notFound)
        socket.close()
    }

    @Test func `what is no request is answered, and the next one is heard`() throws {
        let home = try ServedHome()
        let socket = try SocketDoor(home.household)
        let connection = try #require(try LocalConnection.connect(to: home.folder.socket))
        for line in ["", "{", "[]", "{\"request\":\"nothing\"}", "{\"request\":\"users\",\"body\":7}", "\u{0}\u{ff}"] {
            connection.write(line: Array(line.utf8))
            let answer = try #require(try connection.readLine())
            #expect(String(decoding: answer, as: UTF8.self).contains("refusal"))
        }
        connection.write(line: try Exchange.bytes(of: UsersRequest(user: nil)))
        let answer = try #require(try connection.readLine())
        #expect(try Exchange.read(answer, as: UsersRequest.self).answer.users.count == 1)
        connection.end()
        socket.close()
    }

    @Test func `many at once are all answered`() throws {
        let home = try ServedHome()
        let socket = try SocketDoor(home.household)
        let threads = try (0..<12).map { number in
            try Background {
                try Door(home.folder, home.options).converse { service in
                    _ = try service.ask(AddUserRequest(user: home.user, newName: "User \(number)"))
                    return try service.ask(UsersRequest(user: nil)).users.count
                }.answer
            }
        }
        for thread in threads { #expect(try thread.wait() > 1) }
        #expect(try home.household.ask(UsersRequest(user: nil)).users.count == 13)
        socket.close()
    }

    @Test func `G24 a second owner is told at once who has the home`() throws {
        let home = try ServedHome()
        var options = home.options
        options.lockWaitMilliseconds = 0
        let refusal = #expect(throws: Refusal.self) { try OpenHome(home.folder, options) }
        #expect(refusal?.kind == .locked)
    }

    @Test func `when the service has gone, the home is opened as before`() throws {
        let home = try ServedHome()
        let socket = try SocketDoor(home.household)
        socket.close()
        try home.household.close()
        let isWithService = try Door(home.folder, home.options).converse { $0.isWithService }.answer
        #expect(!isWithService)
    }
}
