import { useApi } from "../../hooks/useApi";
import type { DemoBooking } from "../../net/protocol";

/** Where the server has no demonstration bookings, there is nothing to see. */
export function Bookings() {
  const { data } = useApi<{ bookings: DemoBooking[] }>("/bookings");
  if (!data || data.bookings.length === 0) return null;
  return (
    <section className="bookings" aria-labelledby="bookings-heading">
      <h2 id="bookings-heading">Bookings to read to her</h2>
      <p className="quiet">Read the reference letter by letter, and say the surname when she asks for it.</p>
      <div className="table-frame" tabIndex={0} role="region" aria-label="Bookings to read to Myra">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Reference</th>
              <th scope="col">Surname</th>
              <th scope="col">Booking</th>
              <th scope="col">Good for trying</th>
            </tr>
          </thead>
          <tbody>
            {data.bookings.map((booking) => (
              <tr key={booking.reference}>
                <th scope="row" className="reference">
                  {booking.reference}
                </th>
                <td>{booking.surname}</td>
                <td>{booking.what}</td>
                <td className="quiet">{booking.shows}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
