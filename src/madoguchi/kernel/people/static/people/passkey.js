// Shows in words what allauth's passkey script could not do.
document.addEventListener('allauth.error', (event) => {
  const trouble = document.getElementById('passkey-trouble')
  if (!trouble) return
  event.preventDefault()
  trouble.hidden = false
  trouble.focus()
})
