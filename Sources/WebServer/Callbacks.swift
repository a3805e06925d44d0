import CMicroHTTPD
import Glibc

// The functions that the library calls, each with the house as its context. The context of a request is its call, held
// once from the line of the request until it is completed; the context of a connection is its number at the watch.

private func house(_ context: UnsafeMutableRawPointer?) -> House {
    Unmanaged<House>.fromOpaque(context!).takeUnretainedValue()
}

func lineCame(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let connection else { return nil }
    let raw = target.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
    let call = house(context).begin(Connection(handle: connection), raw)
    return Unmanaged.passRetained(call).toOpaque()
}

func requestWentOn(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ target: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ piece: UnsafePointer<CChar>?,
    _ pieceSize: UnsafeMutablePointer<Int>?, _ held: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let connection, let target, let method, let version, let pieceSize, let held = held?.pointee else {
        return .NO
    }
    let call = Unmanaged<Call>.fromOpaque(held).takeUnretainedValue()
    let goesOn = call.goOn(
        Connection(handle: connection), method: String(cString: method), version: String(cString: version),
        distance: Int(bitPattern: version) - Int(bitPattern: target),
        piece: UnsafeRawBufferPointer(start: piece, count: pieceSize.pointee))
    pieceSize.pointee = 0
    return goesOn ? .YES : .NO
}

func requestEnded(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ held: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
    guard let call = held?.pointee else { return }
    held?.pointee = nil
    house(context).finish(Unmanaged<Call>.fromOpaque(call).takeRetainedValue())
}

func connectionChanged(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ number: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ change: MHD_ConnectionNotificationCode
) {
    guard let connection, let number else { return }
    let watch = house(context).watch
    switch change {
    case .CONNECTION_NOTIFY_STARTED:
        number.pointee = UnsafeMutableRawPointer(bitPattern: watch.open(Connection(handle: connection).descriptor))
    case .CONNECTION_NOTIFY_CLOSED: watch.forget(UInt(bitPattern: number.pointee))
    @unknown default: break
    }
}

/// Only the form of the message is looked at; what would be filled into it may tell about a client.
func libraryTold(_ context: UnsafeMutableRawPointer?, _ form: UnsafePointer<CChar>?, _ values: CVaListPointer?) {
    guard let form, strstr(form, "limit") != nil else { return }
    house(context).options.log(.full)
}
