export function Brand() {
  return (
    <span className="brand">
      <svg className="brand-mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
        <rect className="brand-ground" width="32" height="32" rx="9" />
        <path className="brand-route" d="M7 21.5C10.5 12.5 17.5 8.5 25 9.5" />
        <path className="brand-horizon" d="M7 24.5h18" />
        <circle className="brand-sun" cx="25" cy="9.5" r="3" />
      </svg>
      <span className="brand-name">
        Cymbol <span>Travels</span>
      </span>
    </span>
  );
}
